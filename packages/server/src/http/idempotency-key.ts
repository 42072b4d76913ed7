import { createHash } from 'node:crypto';
import type { Endpoint } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import { invalidField } from '../domain/error.ts';
import type { RepeatableRequest } from '../idempotency/idempotency-store.ts';
import type { Exchange } from '../wire/exchange.ts';

const header = 'Idempotency-Key';

/**
 * The key under which a request may be sent again; null when it has none, or asks for nothing that could be done twice.
 * @throws validation_failed
 */
export function readIdempotencyKey(
  { method, readOnly = false }: Endpoint,
  { incoming }: Pick<Exchange, 'incoming'>,
): string | null {
  const values = incoming.headersDistinct[header.toLowerCase()];
  if (method !== 'POST' || readOnly || values === undefined) return null;
  const [key = ''] = values;
  if (values.length > 1) throw invalidField(header, 'is sent more than once');
  if (!/^[ -~]{1,255}$/.test(key)) throw invalidField(header, 'must be 1 to 255 printable ASCII characters');
  return key;
}

interface Sent {
  caller: Caller;
  exchange: Pick<Exchange, 'incoming' | 'path' | 'search'>;
  body: Buffer;
}

/** What tells a request from all others. The bytes of the body count as they are: a client that repeats it sends the same. */
export function identifyRequest(key: string, { caller, exchange, body }: Sent): RepeatableRequest {
  const { incoming, path, search } = exchange;
  const scope = [caller.type, caller.id, incoming.method, path, key];
  return {
    id: createHash('sha256').update(JSON.stringify(scope)).digest(),
    content: createHash('sha256').update(`${search}\n`).update(body).digest(),
  };
}
