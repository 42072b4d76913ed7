import type { ClientBase } from 'pg';
import { findOriginal } from './postgres-session.ts';

/**
 * Longer than it takes at most until it is known where a connection leads, so that none that was begun before a move
 * takes it back.
 */
const settleMs = 7000;

/** A connection as far as it can be broken off, which the driver has no word for that also fails what is on its way. */
interface Breakable {
  connection: { stream: { destroy(reason: Error): void } };
}

/**
 * Keeps all connections on one server. Where a failover leaves the former server alive, a balancer may keep old
 * connections with it and lead new ones to the promoted copy: what is revoked on the one would be good on the other, and
 * a lease be renewed there. So the newest connection says where the database is, and those that lead elsewhere are
 * broken off, with whatever is on its way on them.
 */
export class OneServer {
  readonly #clients = new Set<ClientBase>();
  #server: string | null = null;
  #settledAt = Number.NEGATIVE_INFINITY;
  #tell: () => void = () => {};

  /** @param tell told at each move, before anything is asked of the other server */
  onMove(tell: () => void): void {
    this.#tell = tell;
  }

  /**
   * Takes in a connection that was just made, before anything else is asked over it.
   * @throws when it leads to a copy, or elsewhere than those before it so soon after a move
   */
  async admit(client: ClientBase): Promise<void> {
    const server = await findOriginal(client);
    if (this.#server !== null && this.#server !== server) this.#move();
    this.#server = server;
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
  }

  #move(): void {
    const now = performance.now();
    if (now < this.#settledAt) throw new Error('Connection terminated: it leads to a server that was left');
    this.#settledAt = now + settleMs;
    for (const client of this.#clients) breakOff(client);
    this.#clients.clear();
    this.#tell();
  }
}

function breakOff(client: ClientBase): void {
  const { connection } = client as unknown as Breakable;
  connection.stream.destroy(new Error('Connection terminated: new ones lead to another server'));
}
