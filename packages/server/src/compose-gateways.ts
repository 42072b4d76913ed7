import type { Config } from './config.ts';
import type { createEngine } from './engine.ts';
import { createAdmission } from './gateway/admission.ts';
import { createAuthDoors } from './gateway/auth-doors.ts';
import { createAuthServer } from './gateway/auth-server.ts';
import { createCallerCheck } from './gateway/callers.ts';
import { closeServer, listen } from './listen.ts';
import type { Access } from './wire/access.ts';
import type { Exchange } from './wire/exchange.ts';
import type { Metrics } from './wire/metrics.ts';
import type { SendProblem } from './wire/send-problem.ts';

interface GatewayParts {
  config: Config;
  engine: ReturnType<typeof createEngine>;
  access: Access;
  metrics: Metrics;
  sendProblem: SendProblem;
}

/** What stands in front of APIs: the routes that proxies ask, and the built-in gateway. */
export function composeGateways({ config, engine, access, metrics, sendProblem }: GatewayParts) {
  const admit = createAdmission({ verifier: engine.meter, channels: engine.verifier });
  const mayAsk = createCallerCheck({ ranges: config.authCallers, token: config.authToken });
  const doors = createAuthDoors({ admit, mayAsk, clientOf: access.clientOf, sendProblem, metrics });
  const auth = config.authPort === null ? null : createAuthServer(doors, sendProblem);
  const { authPort, authHost } = config;
  return {
    /** On the main port: none of them where they have a port of their own. */
    doors: auth === null ? doors : (_: Exchange) => false,
    async listen(): Promise<{ authUrl: string | null; gatewayUrl: string | null }> {
      const authUrl =
        auth === null || authPort === null
          ? null
          : await listen(auth.server, {
              host: authHost ?? config.host,
              port: authPort,
              setting: 'Choose another with --auth-port, or 0 for a free one',
            });
      return { authUrl, gatewayUrl: null };
    },
    async close(): Promise<void> {
      auth?.drain();
      await Promise.all([auth !== null && closeServer(auth.server)]);
    },
  };
}
