import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Exchange, settleConnection } from '../wire/exchange.ts';

/**
 * Streams pieces of text, as fast as the client takes them. What speaks against it at once (no authority, say) is thrown
 * with the first piece, before anything is sent; a failure later on breaks the connection, so that a part never looks like
 * the whole.
 */
export async function streamText(
  exchange: Exchange,
  mediaType: string,
  pieces: AsyncGenerator<string>,
): Promise<Response> {
  const { incoming, outgoing } = exchange;
  const first = await pieces.next();
  settleConnection(exchange);
  outgoing.writeHead(200, { 'Content-Type': mediaType });
  if (incoming.method === 'HEAD' || outgoing.destroyed) {
    outgoing.end();
    await pieces.return(undefined);
    return RESPONSE_ALREADY_SENT;
  }
  try {
    await pipeline(Readable.from(inChunks(first, pieces), { objectMode: false }), outgoing);
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

/** A write for each piece would be a packet for each piece. */
async function* inChunks(
  first: IteratorResult<string>,
  pieces: AsyncGenerator<string>,
): AsyncGenerator<string> {
  let chunk = '';
  try {
    for (let next = first; !next.done; next = await pieces.next()) {
      chunk += next.value;
      if (chunk.length < chunkCharacters) continue;
      yield chunk;
      chunk = '';
    }
  } finally {
    await pieces.return(undefined);
  }
  if (chunk !== '') yield chunk;
}
