import { isIP } from 'node:net';
import { Pool } from 'undici';
import { forbiddenCode, hostOf, type UpstreamGuard } from './upstream-address.ts';

interface PoolsOptions {
  guard: UpstreamGuard;
  /** How long an upstream may take until the head of its response has come. */
  responseTimeoutMs: number;
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

  constructor(options: PoolsOptions) {
    this.#options = options;
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
    if (isIP(host) !== 0 && !this.#options.guard.isAllowed(host))
      throw Object.assign(new Error(`${host} may not be sent to`), { code: forbiddenCode });
    const pool = new Pool(origin, {
      connections: maxConnections,
      pipelining: 1,
      headersTimeout: this.#options.responseTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      maxHeaderSize: 64 * 1024,
      connect: { timeout: connectTimeoutMs, lookup: this.#options.guard.lookup },
    });
    this.#pools.set(origin, { pool, usedAt: Date.now() });
    return pool;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#pools.values()].map(({ pool }) => pool.destroy()));
  }

  #letGo(): void {
    for (const [origin, { pool, usedAt }] of this.#pools) {
      if (Date.now() - usedAt < idleMs || pool.stats.running + pool.stats.pending > 0) continue;
      this.#pools.delete(origin);
      void pool.close();
    }
  }
}
