import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** More than the server takes to find out who asks, and the second after which the hot path asks anew. */
const heldMs = 1200;

/**
 * Sends the head of a request, so that the server finds out who asks, and holds the body back.
 * @returns sends the body, and answers the status
 */
export async function holdBody(
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<() => Promise<number>> {
  const text = JSON.stringify(body);
  const sent = request(url, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
      Expect: '100-continue',
    },
    agent: false,
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  await sleep(heldMs);
  return async () => {
    const response = once(sent, 'response');
    sent.end(text);
    const [{ statusCode = 0 }] = (await response) as [IncomingMessage];
    return statusCode;
  };
}
