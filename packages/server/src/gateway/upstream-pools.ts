import { isIP, type Socket } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { isLoopback } from '../verification/address.ts';
import { forbiddenCode, hostOf, type UpstreamGuard } from './upstream-address.ts';

interface PoolsOptions {
  guard: UpstreamGuard;
  /** How long an upstream may take until the head of its response has come. */
  responseTimeoutMs: number;
  /** On which this program itself listens. */
  ownPorts(): readonly (number | null)[];
}

const connectTimeoutMs = 5000;
/** Between two parts of a body. Event streams send something now and then to keep their connection. */
const bodyTimeoutMs = 300_000;
const maxConnections = 512;
const idleMs = 300_000;

interface Entry {
  pool: Pool;
  usedAt: number;
}

/** Connections to upstreams, kept for the next request; those of an upstream that nobody asks any more are let go. */
export class UpstreamPools {
  readonly #options: PoolsOptions;
  readonly #pools = new Map<string, Entry>();
  readonly #timer: NodeJS.Timeout;
  readonly #connect: buildConnector.connector;

  constructor(options: PoolsOptions) {
    this.#options = options;
    const connect = buildConnector({ timeout: connectTimeoutMs, lookup: options.guard.lookup });
    this.#connect = (target, callback) =>
      connect(target, (...[error, socket]) => {
        if (error !== null) callback(error, null);
        else if (!this.#leadsBack(socket)) callback(null, socket);
        else {
          socket.destroy();
          callback(mayNotBeSentTo(target.hostname), null);
        }
      });
    this.#timer = setInterval(() => this.#letGo(), idleMs / 5).unref();
  }

  /**
   * @param origin scheme, host and port
   * @throws an error with `forbiddenCode` for an address that may not be sent to
   */
  get(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known !== undefined) {
      known.usedAt = Date.now();
      return known.pool;
    }
    const host = hostOf(origin);
    // A name is checked when it has become an address: see `lookup`.
    if (isIP(host) !== 0 && !this.#options.guard.isAllowed(host)) throw mayNotBeSentTo(host);
    const pool = new Pool(origin, {
      connections: maxConnections,
      pipelining: 1,
      headersTimeout: this.#options.responseTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      maxHeaderSize: 64 * 1024,
      connect: this.#connect,
    });
    this.#pools.set(origin, { pool, usedAt: Date.now() });
    return pool;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#pools.values()].map(({ pool }) => pool.destroy()));
  }

  /**
   * Whether a connection is one to this program itself: there it would come from this machine, which may ask what others
   * may not. An address of this machine's own is reached from that very address.
   */
  #leadsBack({ localAddress, remoteAddress = '', remotePort = 0 }: Socket): boolean {
    if (!this.#options.ownPorts().includes(remotePort)) return false;
    return remoteAddress === localAddress || isLoopback(remoteAddress);
  }

  #letGo(): void {
    for (const [origin, { pool, usedAt }] of this.#pools) {
      if (Date.now() - usedAt < idleMs || pool.stats.running + pool.stats.pending > 0) continue;
      this.#pools.delete(origin);
      void pool.close();
    }
  }
}

function mayNotBeSentTo(host: string): Error {
  return Object.assign(new Error(`${host} may not be sent to`), { code: forbiddenCode });
}
