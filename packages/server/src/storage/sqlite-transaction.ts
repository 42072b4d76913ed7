import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { Turnstile } from '../domain/turnstile.ts';
import { translateError } from './database-error.ts';
import type { Writer } from './sqlite-writer.ts';
import type { Run } from './statement.ts';
import type { DatabaseLoad } from './storage.ts';
import { createStores } from './stores.ts';

interface Waiting {
  /** Runs the change inside the group's transaction. What it throws fails this change alone. */
  run(stores: Stores): Promise<void>;
  /** Tells the change's caller how it ended: after the commit, or (with the reason) when there was none. */
  settle(failure: unknown): void;
}

/** Bounds how long verifications, which share the thread, wait for a group: some milliseconds. */
const maxGroup = 16;

/**
 * Transactions on SQLite, which has one writer: the changes that wait at the same time share one transaction and so
 * one write to the disk, each inside a savepoint of its own. They keep their order, and none is answered before the
 * commit.
 * @param turns shared with all else that writes to the database
 * @see Storage.transaction
 */
export function createSqliteTransaction(writer: Writer, turns = new Turnstile(1)) {
  const queue: Waiting[] = [];
  let isRunning = false;

  const start = async () => {
    while (queue.length > 0) {
      await turns.run(() => runGroup(writer, queue.splice(0, maxGroup)));
      // Lets verifications in between two groups: a group's own waits end without the event loop turning.
      await nextTurn();
    }
    isRunning = false;
  };

  const transaction = <T>(run: (stores: Stores) => Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    queue.push(waiting(run, resolve, reject));
    if (!isRunning) {
      isRunning = true;
      // At the end of this turn of the event loop: what the other sockets bring in the meantime joins the group.
      setImmediate(() => void start());
    }
    return promise;
  };
  const load = (): DatabaseLoad => ({ open: 1, busy: isRunning ? 1 : 0, waiting: queue.length });
  return Object.assign(transaction, { load });
}

function waiting<T>(
  run: (stores: Stores) => Promise<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Waiting {
  let settle = () => reject(new Error('the change never ran'));
  return {
    async run(stores) {
      try {
        const value = await run(stores);
        settle = () => resolve(value);
      } catch (error) {
        settle = () => reject(translateError(error));
        throw error;
      }
    },
    settle: (failure) => (failure === null ? settle() : reject(translateError(failure))),
  };
}

async function runGroup({ db, run, checkFile }: Writer, group: Waiting[]): Promise<void> {
  let failure: unknown = null;
  try {
    await db.transaction().execute(async (transaction) => {
      const stores = createStores(transaction, 'sqlite', run);
      for (const change of group) await runInSavepoint(run, () => change.run(stores));
      checkFile();
    });
  } catch (error) {
    failure = error;
  }
  for (const change of group) change.settle(failure);
}

async function runInSavepoint(run: Run, change: () => Promise<void>): Promise<void> {
  await run('SAVEPOINT change', []);
  try {
    await change();
  } catch (error) {
    // The change tells its own caller. If the whole transaction is gone, this fails, and with it the group: for the
    // reason that it went, unless that is the change's own.
    await run('ROLLBACK TO change', []).catch((gone) =>
      Promise.reject(error instanceof DomainError ? gone : error),
    );
  }
  await run('RELEASE change', []);
}
