import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

/** The limit that the gateway is measured by: passes each request on over undici, looks at nothing, streams both ways. */
const pool = new Pool(process.env.BARE_UPSTREAM ?? '', { connections: 512, pipelining: 1 });

const server = createServer((incoming, outgoing) => {
  pool.dispatch(
    {
      path: incoming.url ?? '/',
      method: incoming.method ?? 'GET',
      headers: incoming.rawHeaders.filter(
        (_, i, all) => !/^(host|connection)$/i.test(all[i - (i % 2)] ?? ''),
      ),
      body: incoming.headers['content-length'] === undefined ? null : incoming,
    },
    {
      onRequestStart() {},
      onResponseStart(controller, status) {
        const raw = (controller.rawHeaders ?? []) as Buffer[];
        const headers = raw.map((part) => part.toString('latin1'));
        outgoing.writeHead(
          status,
          headers.filter(
            (_, i) => !/^(connection|keep-alive|transfer-encoding)$/i.test(headers[i - (i % 2)] ?? ''),
          ),
        );
        outgoing.on('drain', () => controller.resume());
      },
      onResponseData(controller, chunk) {
        if (!outgoing.write(chunk)) controller.pause();
      },
      onResponseEnd: () => void outgoing.end(),
      onResponseError: () => void outgoing.destroy(),
    },
  );
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
