import type { AddressInfo } from 'node:net';
import type { Gateways } from '@keywright/contract';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { createEngine } from './engine.ts';
import { createAccessLog, noAccessLog } from './gateway/access-log.ts';
import { createAdmission } from './gateway/admission.ts';
import { createAuthDoors } from './gateway/auth-doors.ts';
import { createAuthServer } from './gateway/auth-server.ts';
import { createCallerCheck } from './gateway/callers.ts';
import { createGateway } from './gateway/gateway.ts';
import { createGatewayServer } from './gateway/gateway-server.ts';
import type { UpstreamGuard } from './gateway/upstream-address.ts';
import { UpstreamPools } from './gateway/upstream-pools.ts';
import { closeServer, listen } from './listen.ts';
import type { Access } from './wire/access.ts';
import type { HttpServer } from './wire/http-server.ts';
import type { Metrics } from './wire/metrics.ts';
import { createFaultDescriber } from './wire/problem.ts';
import type { SendProblem } from './wire/send-problem.ts';

interface GatewayParts {
  config: Config;
  engine: ReturnType<typeof createEngine>;
  access: Access;
  guard: UpstreamGuard;
  /** Null before it listens. */
  mainPort(): number | null;
  metrics: Metrics;
  sendProblem: SendProblem;
  publicUrl(): string;
  logger: Logger;
  /** Takes whole lines of the log as they are. */
  writeLines(lines: string): void;
}

/** What stands in front of APIs: the routes that proxies ask, and the built-in gateway. */
export function composeGateways(parts: GatewayParts) {
  const { config, engine, access, guard, mainPort, metrics, sendProblem, logger, writeLines } = parts;
  const admit = createAdmission({ verifier: engine.meter, channels: engine.verifier });
  const mayAsk = createCallerCheck({ ranges: config.authCallers, token: config.authToken });
  const doors = createAuthDoors({ admit, mayAsk, clientOf: access.clientOf, sendProblem, metrics });
  const auth =
    config.authPort === null ? null : createAuthServer(doors, sendProblem, createFaultDescriber(parts));
  const isLogged = config.accessLog && logger.isLevelEnabled('info');
  const accessLog = isLogged ? createAccessLog(writeLines) : noAccessLog;
  const pools = new UpstreamPools({
    guard,
    responseTimeoutMs: config.upstreamTimeout * 1000,
    ownPorts: () => [mainPort(), portOf(auth), portOf(gateway)],
  });
  const gateway =
    config.gatewayPort === null
      ? null
      : createGatewayServer(
          createGateway({
            admit,
            pools,
            streams: engine.streams,
            access,
            domain: config.gatewayDomain,
            metrics,
            accessLog,
            logger,
          }),
        );
  const { authPort, gatewayPort, host } = config;
  return {
    /** On the main port: none of them where they have a port of their own. */
    doors: auth === null ? doors : () => false,
    whereabouts: (): Gateways => ({
      port: portOf(gateway),
      domain: config.gatewayDomain,
      authPort: portOf(auth),
    }),
    async listen(): Promise<{ authUrl: string | null; gatewayUrl: string | null }> {
      const authUrl = await listenAt(auth, config.authHost ?? host, authPort, 'auth');
      const gatewayUrl = await listenAt(gateway, config.gatewayHost ?? host, gatewayPort, 'gateway');
      return { authUrl, gatewayUrl };
    },
    async close(): Promise<void> {
      const servers = [auth, gateway].filter((each) => each !== null);
      for (const { drain } of servers) drain();
      await Promise.all(servers.map(({ server }) => server.listening && closeServer(server)));
      engine.streams.stop();
      accessLog.flush();
      await pools.close();
    },
  };
}

/** Null for a server that there is not, or that does not listen. */
function portOf(http: HttpServer | null): number | null {
  return (http?.server.address() as AddressInfo | null)?.port ?? null;
}

async function listenAt(
  http: HttpServer | null,
  host: string,
  port: number | null,
  name: 'auth' | 'gateway',
): Promise<string | null> {
  if (http === null || port === null) return null;
  return listen(http.server, { host, port, hostFlag: `${name}-host`, portFlag: `${name}-port` });
}
