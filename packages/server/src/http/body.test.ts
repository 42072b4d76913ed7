import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { maxBodyBytes, readBody, receiveBody } from './body.ts';

/** A request whose body is still to come. */
function request(headers: Record<string, string>): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;
}

test('a body in one piece', async () => {
  const incoming = request({ 'content-length': '5' });
  const body = readBody(incoming);
  incoming.write('hello');
  expect(String(await body)).toBe('hello');
});

test('a body in several pieces, cut within a character', async () => {
  const bytes = Buffer.from('grüße');
  const incoming = request({ 'content-length': String(bytes.length) });
  const body = readBody(incoming);
  for (const byte of bytes) incoming.write(Buffer.from([byte]));
  expect(String(await body)).toBe('grüße');
});

test('a body of which only its end tells the length', async () => {
  const incoming = request({ 'transfer-encoding': 'chunked' });
  const body = readBody(incoming);
  incoming.write('a');
  incoming.end('b');
  expect(String(await body)).toBe('ab');
});

test.each([{}, { 'content-length': '0' }])('no body: %j', async (headers) => {
  expect(await readBody(request(headers))).toHaveLength(0);
});

describe('a body that is too large', () => {
  const tooLarge = expect.objectContaining({ code: 'payload_too_large' });

  test('is refused by its announcement, before any of it came', async () => {
    await expect(readBody(request({ 'content-length': String(maxBodyBytes + 1) }))).rejects.toEqual(tooLarge);
  });

  test('is refused while it comes, when nothing announced it', async () => {
    const incoming = request({ 'transfer-encoding': 'chunked' });
    const body = readBody(incoming);
    incoming.write(Buffer.alloc(maxBodyBytes));
    incoming.write('x');
    await expect(body).rejects.toEqual(tooLarge);
  });

  test('is not when it is as large as can be', async () => {
    const incoming = request({ 'transfer-encoding': 'chunked' });
    const body = readBody(incoming);
    incoming.end(Buffer.alloc(maxBodyBytes));
    expect(await body).toHaveLength(maxBodyBytes);
  });
});

test('a client that goes away in the middle does not leave anybody waiting', async () => {
  const incoming = request({ 'content-length': '5' });
  const body = readBody(incoming);
  incoming.write('he');
  incoming.destroy();
  await expect(body).rejects.toMatchObject({ code: 'validation_failed' });
});

test('nor does one that was gone before', async () => {
  const incoming = request({ 'content-length': '5' });
  incoming.destroy();
  await expect(readBody(incoming)).rejects.toMatchObject({ code: 'validation_failed' });
});

test('what the receiver throws is not taken for a fault of the body', () => {
  const incoming = request({});
  const receive = () => {
    throw new Error('of the receiver');
  };
  expect(() => receiveBody(incoming, { receive, fail: () => undefined })).toThrow('of the receiver');
});
