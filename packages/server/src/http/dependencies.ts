import type { Gateways } from '@keywright/contract';
import type { Logger } from 'pino';
import type { AccountServices } from '../accounts/account-services.ts';
import type { Context } from '../domain/context.ts';
import type { RunningRequests } from '../idempotency/running-requests.ts';
import type { SecretHash } from '../keys/secret-format.ts';
import type { Authenticate } from '../service-keys/authenticate.ts';
import type { Verifier } from '../verification/verify.ts';
import type { Access } from '../wire/access.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { Metrics } from '../wire/metrics.ts';

/** All that the HTTP layer needs from the rest. */
export interface HttpDependencies {
  context: Context;
  running: RunningRequests;
  verifier: Verifier;
  authenticate: Authenticate;
  /** Of the token that commands of this machine present. */
  controlToken: SecretHash;
  /** Serves the routes that proxies ask, where they are on this port; false: it is none of them. */
  doors(exchange: Exchange): boolean;
  /** Where gateways meet this server; known once it listens. */
  gateways(): Gateways;
  accounts: AccountServices;
  access: Access;
  checkReadiness(): Promise<Readiness>;
  metrics: Metrics;
  logger: Logger;
  /** Where the server is reached from outside, without a trailing slash; known once it listens. */
  publicUrl(): string;
  /** Opens `/metrics` to callers from elsewhere; null: to nobody but this machine. */
  metricsToken: string | null;
  version: string;
}

/** Whether the server can do its work, and what speaks for or against it. */
export interface Readiness {
  ready: boolean;
  checks: Record<string, ReadinessCheck>;
}

interface ReadinessCheck {
  ok: boolean;
  detail: string;
}
