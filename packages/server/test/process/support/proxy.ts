import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to the database that can be cut, and blocked without anybody being told. */
export interface CuttableWay {
  /** The address of the database by this way. */
  url: string;
  /** Breaks all connections and refuses new ones. */
  cut(): void;
  /** Lets connections stand and takes new ones, but nothing gets through any more, as in a network that loses packets. */
  freeze(): void;
  /** Lets everything through again; what was held up goes on its way. */
  restore(): void;
  /** Breaks all connections; new ones lead to another server. */
  leadTo(url: string): void;
  /** Lets connections stand where they lead; new ones lead to another server. */
  leadNewTo(url: string): void;
}

/** @param url of a PostgreSQL server */
export async function startWay(url: string): Promise<CuttableWay> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const server = createServer((near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      // Before anybody listens, which would let it flow.
      if (state === 'frozen') from.pause();
      from.on('data', (bytes) => void to.write(bytes));
      from.on('end', () => to.end());
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
  const { port } = server.address() as { port: number };
  const here = new URL(url);
  here.host = `127.0.0.1:${port}`;
  return {
    url: here.href,
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.resetAndDestroy();
    },
    leadTo(next) {
      target = new URL(next);
      for (const socket of sockets) socket.resetAndDestroy();
    },
    leadNewTo(next) {
      target = new URL(next);
    },
    freeze() {
      state = 'frozen';
      for (const socket of sockets) socket.pause();
    },
    restore() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
  };
}
