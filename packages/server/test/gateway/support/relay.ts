import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll } from 'vitest';

/** A wire between two programs, at which a test listens. */
export interface Relay {
  /** Host and port. */
  address: string;
  /** How much was sent to the program behind. */
  bytes: number;
  connections: number;
}

/** @param target host and port */
export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(`http://${target}`);
  const relay: Relay = { address: '', bytes: 0, connections: 0 };
  const server = createServer((near) => {
    relay.connections++;
    const far = connect(Number(port), hostname);
    near.on('data', (chunk: Buffer) => {
      relay.bytes += chunk.length;
    });
    near.pipe(far);
    far.pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
  });
  relay.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return relay;
}
