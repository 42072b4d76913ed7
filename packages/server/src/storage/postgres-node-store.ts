import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { type Beat, type NodeStore, RegistrationLost, RegistrationTaken } from '../cluster/node-store.ts';
import { DomainError } from '../domain/error.ts';
import { type FollowedRow, genesis } from '../ledger/entry.ts';
import { StartupError } from '../startup-error.ts';
import { translateError } from './database-error.ts';
import { fromFollowedRow, tailQuery } from './point-queries.ts';
import { watchForLoss } from './postgres-client.ts';
import type { OneServer } from './postgres-one-server.ts';
import { createPoolingFault, expectOwnSession, withClient } from './postgres-session.ts';

/** "keywright" in a number, for PostgreSQL's advisory locks. */
const lockId = 0x6b77_7274;
/** How long a starting process waits for the connection of one that was just killed to be noticed. */
const patienceMs = 5000;
/**
 * Lets the server find out that this process is cut off, and let go of the lock, in some 20 seconds instead of the two
 * hours that systems wait by themselves; later than the lease ends, within which this process may go on from memory.
 */
const keepAlive =
  'SET tcp_keepalives_idle = 12; SET tcp_keepalives_interval = 3; SET tcp_keepalives_count = 3';
/** How often it is looked where new connections lead, while none is needed. */
const lookMs = 5000;
/** A beat that takes longer than this is as good as lost: the lease ends by itself. */
const beatTimeoutMs = 3000;

/**
 * The registration of this process on PostgreSQL: an advisory lock, held by a connection of its own, which beats and
 * follows the ledger over it. The lock ends with the connection, so that a process that died holds nothing up.
 */
export class PostgresNodeStore implements NodeStore {
  readonly #config: ClientConfig;
  readonly #server: OneServer;
  /** Stands in the session that holds the lock, so that each beat can tell whether it is still answered by that one. */
  readonly #mark = randomUUID();
  #client: Client | null = null;
  #lookedAt = performance.now();

  constructor(config: ClientConfig, server: OneServer) {
    this.#server = server;
    this.#config = { ...config, query_timeout: beatTimeoutMs, application_name: 'keywright node' };
  }

  async register(): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      await this.#connect();
      if (await this.#tryLock()) return;
      if (performance.now() > deadline) {
        throw new StartupError(
          'Another Keywright runs on this database. Stop it first: this version runs as one process for each database.',
        );
      }
      await sleep(100);
    }
  }

  async beat(appliedSeq: number): Promise<Beat> {
    if (this.#client === null) await this.#registerAgain();
    this.#lookAround();
    const [row] = await this.#query<{ seq: number; hash: Buffer | null; now: number; mark: string | null }>(
      `SELECT head.seq, ledger.hash, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
         current_setting('keywright.process', true) AS mark
       FROM ledger_head AS head LEFT JOIN ledger ON ledger.seq = $1`,
      [appliedSeq],
    );
    if (row === undefined) throw new Error('the ledger has no head');
    if (row.mark !== this.#mark) {
      // A pooler shares this connection by now: whether somebody else could take the lock, nobody knows.
      this.#giveUp();
      throw lostBy(createPoolingFault());
    }
    return {
      headSeq: row.seq,
      appliedHash: appliedSeq === 0 ? genesis.hash : row.hash,
      databaseTimeMs: row.now,
    };
  }

  async tail(seq: number, limit: number): Promise<FollowedRow[]> {
    return (await this.#query(tailQuery('$1', '$2'), [seq, limit])).map(fromFollowedRow);
  }

  async head(): Promise<{ seq: number; hash: Buffer }> {
    const [row] = await this.#query<{ seq: number; hash: Buffer }>('SELECT seq, hash FROM ledger_head', []);
    if (row === undefined) throw new Error('the ledger has no head');
    return row;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  async #registerAgain(): Promise<void> {
    await this.#connect().catch((error: unknown) => {
      throw error instanceof StartupError ? lostBy(error) : error;
    });
    if (await this.#tryLock()) return;
    await this.close();
    throw new RegistrationTaken();
  }

  async #connect(): Promise<void> {
    if (this.#client !== null) return;
    const client = new Client(this.#config);
    // A connection that breaks takes the lock with it: the next beat must register anew.
    client.on('error', () => this.#drop(client));
    client.on('end', () => this.#drop(client));
    try {
      await client.connect();
      await this.#server.admit(client);
      await client.query(keepAlive);
      await watchForLoss(client);
      await expectOwnSession(client, this.#config);
      await client.query(`SELECT set_config('keywright.process', $1, false)`, [this.#mark]);
    } catch (error) {
      // Half-open ones would pile up, one for each beat.
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
  }

  /** Finds out now and then where new connections lead, and waits for nothing: this one may be all that is left of a way. */
  #lookAround(): void {
    if (performance.now() - this.#lookedAt < lookMs) return;
    this.#lookedAt = performance.now();
    void withClient(this.#config, (client) => this.#server.admit(client)).catch(() => {});
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = null;
  }

  /** Also the lock, so that the next beat registers anew. */
  #giveUp(client = this.#client): void {
    if (client === null) return;
    this.#drop(client);
    client.end().catch(() => {});
  }

  async #tryLock(): Promise<boolean> {
    const [row] = await this.#query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      lockId,
    ]);
    return row?.locked ?? false;
  }

  async #query<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const client = this.#client;
    if (client === null) throw new DomainError('unavailable', { detail: 'The database does not answer.' });
    try {
      return (await client.query(text, values)).rows as Row[];
    } catch (error) {
      // After a time-out the connection may still be busy with the old query.
      this.#giveUp(client);
      throw translateError(error);
    }
  }
}

function lostBy(fault: StartupError): RegistrationLost {
  return new RegistrationLost(fault.message, fault);
}
