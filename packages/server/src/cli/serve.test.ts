import { expect, test } from 'vitest';
import type { Config } from '../config.ts';
import { StartupError } from '../startup-error.ts';
import { FakeProcess } from './testing/fake-context.ts';

// Nothing can be left for commands there.
const quiet = { KEYWRIGHT_LOG_LEVEL: 'silent', KEYWRIGHT_DATA_DIR: '/dev/null/data' };

test('it starts with the configuration and stops at a signal', async () => {
  let started: Config | undefined;
  let stops = 0;
  const installation = {
    startService: async (config: Config) => {
      started = config;
      return {
        url: 'http://127.0.0.1:9000',
        localUrl: '',
        authUrl: null,
        gatewayUrl: null,
        issueSetupUrl: none,
        stop: async () => void stops++,
      };
    },
  };
  const process = new FakeProcess({ env: quiet, installation });
  const running = process.run('serve', '--port', '9000');
  await until(() => started !== undefined);
  expect(started).toMatchObject({ port: 9000, host: '127.0.0.1', dataDir: '/dev/null/data' });
  process.emit('SIGTERM');
  expect(await running).toBe(0);
  expect(stops).toBe(1);
  expect(process.exitCodes).toEqual([0]);
});

test('a signal while it starts stops it as soon as it has started', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let [starts, stops] = [0, 0];
  const startService = async () => {
    starts++;
    await promise;
    return {
      url: '',
      localUrl: '',
      authUrl: null,
      gatewayUrl: null,
      issueSetupUrl: none,
      stop: async () => void stops++,
    };
  };
  const process = new FakeProcess({ env: quiet, installation: { startService } });
  const running = process.run('serve');
  await until(() => starts === 1);
  process.emit('SIGINT');
  expect(stops).toBe(0);
  resolve();
  expect(await running).toBe(0);
  expect(stops).toBe(1);
});

test.each(['info', 'silent'])('the set-up link is told, log level %s', async (level) => {
  const setupUrl = 'http://127.0.0.1:9000/setup#token=abcdefgh';
  const startService = async () => ({
    url: '',
    localUrl: '',
    authUrl: null,
    gatewayUrl: null,
    issueSetupUrl: async () => setupUrl,
    stop: async () => {},
  });
  const env = { KEYWRIGHT_LOG_LEVEL: level };
  const process = new FakeProcess({ env, installation: { startService } });
  const running = process.run('serve');
  await new Promise(setImmediate);
  process.emit('SIGTERM');
  await running;
  // With logging on it goes through the logger, which writes to the real standard output.
  expect(process.stdout.includes(setupUrl)).toBe(level === 'silent');
});

test('every fault of the configuration is a line in the log, and nothing starts', async () => {
  const process = new FakeProcess({ env: { KEYWRIGHT_PORT: 'x', KEYWRIGHT_HOST: '' } });
  expect(await process.run('serve')).toBe(1);
  const lines = process.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { level: 'fatal', msg: 'KEYWRIGHT_HOST is empty: give it a value or leave it out.' },
    { level: 'fatal', msg: expect.stringContaining('KEYWRIGHT_PORT must be') },
  ]);
  expect(process.exitCodes).toEqual([1]);
});

test('a person reads sentences instead', async () => {
  const process = new FakeProcess({ env: { KEYWRIGHT_HOST: '' }, isTerminal: true });
  expect(await process.run('serve')).toBe(1);
  expect(process.stderr).toBe('keywright: KEYWRIGHT_HOST is empty: give it a value or leave it out.\n');
});

test('a refusal to start is a sentence without a stack, also when logging is off', async () => {
  const startService = () => Promise.reject(new StartupError('Another Keywright runs there.'));
  const process = new FakeProcess({ env: quiet, installation: { startService } });
  expect(await process.run('serve')).toBe(1);
  expect(JSON.parse(process.stderr)).toMatchObject({ level: 'fatal', msg: 'Another Keywright runs there.' });
  expect(process.stderr).not.toContain('serve.test.ts');
});

test('what nobody expected comes with its stack', async () => {
  const process = new FakeProcess({ env: quiet });
  expect(await process.run('serve')).toBe(1);
  expect(JSON.parse(process.stderr)).toMatchObject({
    err: { message: 'not needed here', stack: expect.any(String) },
  });
});

test.each(['uncaughtException', 'unhandledRejection'])('%s ends it', async (event) => {
  let isStarted = false;
  const startService = async () => {
    isStarted = true;
    return {
      url: '',
      localUrl: '',
      authUrl: null,
      gatewayUrl: null,
      issueSetupUrl: none,
      stop: async () => {},
    };
  };
  const process = new FakeProcess({ env: quiet, installation: { startService } });
  const running = process.run('serve');
  await until(() => isStarted);
  process.emit(event, new Error('bug'));
  expect(process.exitCodes).toEqual([1]);
  process.emit('SIGTERM');
  await running;
});

const none = async () => null;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
