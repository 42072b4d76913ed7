import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to PostgreSQL on which the answer to a COMMIT can get lost. */
export interface CommitCutter {
  /** The address of the database by this way. */
  url: string;
  /** The next COMMIT reaches the database, but its connection breaks before the answer comes back. */
  loseNextCommit(): void;
  /** How many answers got lost. */
  readonly lost: number;
}

/** @param url of a PostgreSQL server */
export async function startCommitCutter(url: string): Promise<CommitCutter> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let [isArmed, lost] = [false, 0];
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let isCommitting = false;
    near.on('data', (bytes) => {
      if (isArmed && bytes.includes('COMMIT\0')) [isArmed, isCommitting] = [false, true];
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      // Statements before the COMMIT, which go out with it, are answered first.
      if (!isCommitting || !bytes.includes('COMMIT\0')) return void near.write(bytes);
      // The database has answered: what it was asked for is done.
      lost++;
      near.resetAndDestroy();
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const here = new URL(url);
  here.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: here.href,
    loseNextCommit() {
      isArmed = true;
    },
    get lost() {
      return lost;
    },
  };
}
