import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Exchange } from '../wire/exchange.ts';
import { asksForNdjson, streamNdjson } from './ndjson.ts';

describe('Accept', () => {
  test.each([
    'application/x-ndjson',
    'Application/X-NDJSON',
    'application/json, application/x-ndjson;q=0.5',
    'application/x-ndjson; q=1.0',
  ])('%s asks for NDJSON', (accept) => {
    expect(asksForNdjson(accept)).toBe(true);
  });

  test.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/x-ndjson;q=0',
    'application/x-ndjson; q=0.00',
    'x/application/x-ndjson',
  ])('%s does not', (accept) => {
    expect(asksForNdjson(accept)).toBe(false);
  });
});

/** A response that keeps what it is given. */
class FakeResponse extends Writable {
  status = 0;
  text = '';
  shouldKeepAlive = true;
  writeHead(status: number): void {
    this.status = status;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    setImmediate(done);
  }
}

function exchangeOf(response: FakeResponse, method = 'GET'): Exchange {
  const outgoing = response as unknown as ServerResponse;
  return { incoming: { method }, outgoing, lifecycle: { isDraining: false } } as Exchange;
}

const row = z.object({ n: z.number() });

async function* count(to: number, failure?: Error) {
  for (let n = 0; n < to; n++) yield { n, secret: 'not declared' };
  if (failure) throw failure;
}

describe('streaming', () => {
  test('a line for each row, with declared fields only', async () => {
    const response = new FakeResponse();
    await streamNdjson(exchangeOf(response), row, count(3));
    expect([response.status, response.text]).toEqual([200, '{"n":0}\n{"n":1}\n{"n":2}\n']);
    expect(response.writableFinished).toBe(true);
  });

  test('every row arrives, in order, over many chunks', async () => {
    const response = new FakeResponse();
    await streamNdjson(exchangeOf(response), row, count(20_000));
    expect(response.text.split('\n').length).toBe(20_001);
    expect(response.text.endsWith('{"n":19999}\n')).toBe(true);
  });

  test('what fails before the first row fails before anything is sent', async () => {
    const response = new FakeResponse();
    await expect(streamNdjson(exchangeOf(response), row, count(0, new Error('forbidden')))).rejects.toThrow(
      'forbidden',
    );
    expect(response.status).toBe(0);
  });

  test('what fails later breaks the connection', async () => {
    const response = new FakeResponse();
    response.on('error', () => undefined);
    await expect(streamNdjson(exchangeOf(response), row, count(5000, new Error('broken')))).rejects.toThrow(
      'broken',
    );
    expect([response.destroyed, response.writableFinished]).toEqual([true, false]);
  });

  test('a row that does not fit its schema breaks the connection too', async () => {
    const response = new FakeResponse();
    response.on('error', () => undefined);
    async function* rows() {
      yield { n: 1 };
      yield { n: 'two' } as unknown as { n: number };
    }
    await expect(streamNdjson(exchangeOf(response), row, rows())).rejects.toThrow();
    expect(response.writableFinished).toBe(false);
  });

  test('a client that goes away ends the reading, and is no failure', async () => {
    const response = new FakeResponse();
    let last = 0;
    async function* endless() {
      for (let n = 0; ; n++) {
        last = n;
        yield { n };
      }
    }
    setTimeout(() => response.destroy(), 20);
    await streamNdjson(exchangeOf(response), row, endless());
    const reached = last;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(last).toBe(reached);
  });

  test('nor is one that was gone before the first row', async () => {
    const response = new FakeResponse();
    response.destroy();
    await streamNdjson(exchangeOf(response), row, count(3));
    expect(response.text).toBe('');
  });

  test('HEAD gets the headers only', async () => {
    const response = new FakeResponse();
    await streamNdjson(exchangeOf(response, 'HEAD'), row, count(3));
    expect([response.status, response.text]).toEqual([200, '']);
  });
});
