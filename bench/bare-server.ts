import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The limit that the verification route is measured by: reads a request as a whole, and answers a constant. */
const answer = process.env.BARE_ANSWER ?? '{}';
const length = String(Buffer.byteLength(answer));

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length });
    response.end(answer);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
