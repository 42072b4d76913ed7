import { expect, test } from 'vitest';
import { generateSecret, Secret } from './keys/secret-format.ts';
import { createLogger } from './log.ts';

function createLog(logLevel: 'info' | 'debug' = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ logLevel }, { write: (line) => lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

test('a line is JSON with level, time and message, and nothing of the machine', () => {
  const { logger, last } = createLog();
  logger.info({ url: 'http://127.0.0.1:8787' }, 'listening');
  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    url: 'http://127.0.0.1:8787',
    msg: 'listening',
  });
});

test('what is less severe than the level is left out', () => {
  const { logger, lines } = createLog();
  logger.debug('x');
  expect(lines).toEqual([]);
});

test('secrets appear in no field, message, error or binding', () => {
  const secret = generateSecret('kw').reveal();
  const plain = 'no-checksum-but-secret';
  const { logger, lines } = createLog('debug');
  logger.info({ key: plain, headers: { authorization: plain, cookie: plain } }, 'fields');
  logger.info({ deep: { deeper: [{ TOKEN: plain }] }, wrapped: new Secret(plain) }, 'deep');
  logger.info(`message with ${secret}`);
  logger.info('format with %s', secret);
  logger.error(Object.assign(new Error(`error with ${secret}`), { apiKey: plain, url: `/?k=${secret}` }));
  logger.error({ err: new Error('outer', { cause: new Error(`inner ${secret}`) }) });
  logger.child({ secret: plain, req: { authorization: plain }, note: secret }).info('child');
  expect(lines).toHaveLength(7);
  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).not.toContain(plain);
});

test('an error comes with its message, code and stack', () => {
  const { logger, last } = createLog();
  logger.error({ err: Object.assign(new Error('no'), { code: 'E_NO' }) }, 'failed');
  expect(last()).toMatchObject({
    msg: 'failed',
    err: { type: 'Error', message: 'no', code: 'E_NO', stack: expect.stringContaining('log.test.ts') },
  });
});
