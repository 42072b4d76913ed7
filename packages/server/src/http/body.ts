import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/error.ts';

export const maxBodyBytes = 1024 * 1024;

interface BodyHandlers {
  receive(body: Buffer): void;
  fail(error: DomainError): void;
}

/**
 * Receives a body as a whole. `receive` is called within the event that brings the last byte, without a promise in
 * between; that is what the hot path wants. When the client goes away in the middle, neither handler is called.
 */
export function receiveBody(
  incoming: IncomingMessage,
  { receive, fail }: BodyHandlers,
  maxBytes = maxBodyBytes,
): void {
  const declared = declaredLength(incoming);
  if (declared === 0) receive(Buffer.alloc(0));
  else if (declared !== null && declared > maxBytes) fail(tooLarge(maxBytes));
  else collectBody(incoming, { declared, maxBytes }, { receive, fail });
}

interface Size {
  /** How many bytes there will be; null when only the end tells. */
  declared: number | null;
  maxBytes: number;
}

function collectBody(
  incoming: IncomingMessage,
  { declared, maxBytes }: Size,
  { receive, fail }: BodyHandlers,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let isDone = false;
  const finish = (body: Buffer) => {
    isDone = true;
    receive(body);
  };
  incoming.on('data', (chunk: Buffer) => {
    if (isDone) return;
    length += chunk.length;
    if (length > maxBytes) {
      isDone = true;
      fail(tooLarge(maxBytes));
    } else if (chunk.length === declared) finish(chunk);
    else {
      chunks.push(chunk);
      if (length === declared) finish(Buffer.concat(chunks, length));
    }
  });
  // A declared length says by itself when the body is complete: Node's parser holds the client to it.
  if (declared !== null) return;
  incoming.on('end', () => {
    if (!isDone) finish(Buffer.concat(chunks, length));
  });
}

/**
 * The body as a promise.
 * @throws payload_too_large, validation_failed when the client went away in the middle
 */
export function readBody(incoming: IncomingMessage, maxBytes?: number): Promise<Buffer> {
  return new Promise((receive, fail) => {
    const close = () =>
      fail(new DomainError('validation_failed', { detail: 'The body ended before it was complete.' }));
    incoming.once('close', close);
    receiveBody(incoming, { receive, fail }, maxBytes);
    if (incoming.destroyed) close();
  });
}

/** Bytes that the head of the request announces; null when they come in chunks and their number shows at the end. */
function declaredLength({ headers }: IncomingMessage): number | null {
  if (headers['transfer-encoding'] !== undefined) return null;
  const length = headers['content-length'];
  return length === undefined ? 0 : Number(length);
}

function tooLarge(maxBytes: number): DomainError {
  return new DomainError('payload_too_large', { detail: `The body has more than ${maxBytes} bytes.` });
}
