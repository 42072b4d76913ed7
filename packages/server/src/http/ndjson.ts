import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { z } from 'zod';
import { type Exchange, settleConnection } from './exchange.ts';

const mediaType = 'application/x-ndjson';

/** Whether an `Accept` header names NDJSON, and not only to decline it. */
export function asksForNdjson(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === mediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/**
 * Streams rows, a line of JSON each, as fast as the client takes them. What speaks against it at once (no authority,
 * say) is thrown before anything is sent; a failure later on breaks the connection, so that a part of an export never
 * looks like the whole.
 */
export async function streamNdjson<Row extends z.ZodType>(
  exchange: Exchange,
  schema: Row,
  rows: AsyncIterable<z.input<Row>>,
): Promise<Response> {
  const { incoming, outgoing } = exchange;
  const iterator = rows[Symbol.asyncIterator]();
  const first = await iterator.next();
  settleConnection(exchange);
  outgoing.writeHead(200, { 'Content-Type': mediaType });
  if (incoming.method === 'HEAD' || outgoing.destroyed) {
    outgoing.end();
    await iterator.return?.();
    return RESPONSE_ALREADY_SENT;
  }
  try {
    await pipeline(Readable.from(joinLines(schema, first, iterator), { objectMode: false }), outgoing);
  } catch (error) {
    if (!isClientGone(error)) throw error;
  }
  // The headers may have promised that the connection stays, before the server began to drain.
  if (exchange.lifecycle.isDraining) incoming.socket.end();
  return RESPONSE_ALREADY_SENT;
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

const chunkCharacters = 16 * 1024;

/** Lines in chunks: a write for each row would be a packet for each row. */
async function* joinLines<Row extends z.ZodType>(
  schema: Row,
  first: IteratorResult<z.input<Row>>,
  iterator: AsyncIterator<z.input<Row>>,
): AsyncGenerator<string> {
  let chunk = '';
  try {
    for (let next = first; !next.done; next = await iterator.next()) {
      chunk += `${JSON.stringify(schema.parse(next.value))}\n`;
      if (chunk.length < chunkCharacters) continue;
      yield chunk;
      chunk = '';
    }
  } finally {
    await iterator.return?.();
  }
  if (chunk !== '') yield chunk;
}
