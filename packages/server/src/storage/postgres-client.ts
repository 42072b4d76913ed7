import { Client, type ClientBase, type ClientConfig, type QueryResult } from 'pg';

/**
 * A connection that prepares each statement once, under a name of its own, and that sends statements without waiting
 * for the answers to those before: what a change does side by side costs one round trip.
 */
export class PreparingClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, pipeline: true } as ClientConfig);
  }

  // The signature that Kysely calls; all others go through as they are.
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of the base class cannot be told apart in one
  override query(query: any, values?: any, callback?: any): any {
    if (typeof query !== 'string' || !Array.isArray(values) || values.length === 0) {
      return super.query(query, values, callback);
    }
    const name = nameOf(query);
    const prepared = name === null ? { text: query, values } : { name, text: query, values };
    return super.query(prepared as never, callback) as unknown as Promise<QueryResult>;
  }
}

/**
 * Lets the server notice at once that a statement's connection was given up. Otherwise one that waits for a lock would
 * wait on for nobody, and each one after it take up a connection more, until the server had none left for anybody.
 */
export async function watchForLoss(client: ClientBase): Promise<void> {
  // Servers on some systems cannot, and refuse it.
  await client.query('SET client_connection_check_interval = 500').catch(() => {});
}

/**
 * Has a commit wait until the disk has it, where a database, a user or the whole server has another default: what was
 * revoked would be back after a crash. Where commits wait for copies too, they still do.
 */
export async function waitForDisk(client: ClientBase): Promise<void> {
  const text = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;
  // A connection that breaks fails what is asked of it next as well.
  await client.query(text).catch(() => {});
}

/** Each connection keeps what it prepared, so that the texts must be few: those of rare searches are not prepared. */
const maxNames = 300;
const names = new Map<string, string>();

function nameOf(text: string): string | null {
  let name = names.get(text);
  if (name === undefined) {
    if (names.size >= maxNames) return null;
    name = `s${names.size}`;
    names.set(text, name);
  }
  return name;
}
