import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { hasValidChecksum } from '../keys/secret-format.ts';
import { FakeProcess } from './testing/fake-context.ts';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('alone it prints help', async () => {
  const process = new FakeProcess();
  expect(await process.run()).toBe(0);
  expect(process.stdout).toMatch(/^Usage: keywright /);
  for (const command of ['serve', 'bootstrap-key', 'audit', 'doctor'])
    expect(process.stdout).toContain(command);
});

test.each([['--version'], ['-V']])('%s prints the version of the package', async (flag) => {
  const process = new FakeProcess();
  expect(await process.run(flag)).toBe(0);
  expect({ version: process.stdout.trim() }).toMatchObject({
    version: (manifest as { version: string }).version,
  });
});

test.each([
  ['serve', '--help'],
  ['bootstrap-key', '--help'],
  ['doctor', '-h'],
  ['audit', 'verify', '--help'],
  ['audit', 'head', '--help'],
  ['audit', 'export', '--help'],
  ['help', 'serve'],
])('%s %s %s prints help with examples', async (...args) => {
  const process = new FakeProcess();
  expect(await process.run(...args)).toBe(0);
  expect(process.stdout).toContain('Examples:');
  expect(process.stderr).toBe('');
});

test.each([
  [['sevre'], 'Did you mean serve?'],
  [['audit'], 'Usage: keywright audit'],
  [['serve', '--prot', '1'], 'Did you mean --port?'],
  [['serve', '--port'], 'argument missing'],
  [['serve', 'now'], 'too many arguments'],
  [['serve', '--bootstrap-key', 'x'], 'unknown option'],
  [['serve', '--metrics-token', 'x'], 'unknown option'],
  [['audit', 'verify', '--head', '12'], 'keywright audit head'],
  [['service-key', 'create', '--scope', 'verify', '--instance'], '--name'],
  [['keys', 'create', '--metadata', '[]'], 'JSON object'],
  [['keys', 'create', '--expires', 'soon'], 'such as 90d'],
  [['keys', 'rotate', 'key_x', '--overlap', '1 day'], 'such as 90s'],
  [['keys', 'list', '--limit', '0'], 'at least 1'],
  [['keys', 'list', '--status', 'dead'], 'active, inactive, revoked, expired'],
  [['keys', 'show'], 'missing required argument'],
  [['audit', 'verify', '--head', `-1:${'0'.repeat(64)}`], 'keywright audit head'],
])('%j cannot be understood', async (args, said) => {
  const process = new FakeProcess();
  expect(await process.run(...args)).toBe(2);
  expect(process.stderr).toContain(said);
  expect(process.stdout).toBe('');
});

test('the help of serve names every flag and variable', async () => {
  const process = new FakeProcess();
  await process.run('serve', '--help');
  for (const name of [
    'host',
    'port',
    'data-dir',
    'database-url',
    'database-url-file',
    'public-url',
    'log-level',
  ]) {
    expect(process.stdout).toContain(`--${name} `);
  }
  for (const name of [
    'KEYWRIGHT_BOOTSTRAP_KEY\n',
    'KEYWRIGHT_METRICS_TOKEN_FILE',
    'KEYWRIGHT_DATABASE_URL\n',
  ]) {
    expect(process.stdout).toContain(name);
  }
});

test('bootstrap-key prints a token and nothing else', async () => {
  const process = new FakeProcess();
  expect(await process.run('bootstrap-key')).toBe(0);
  expect(process.stdout).toMatch(/^kws_[0-9A-Za-z]{60}\n$/);
  expect(hasValidChecksum(process.stdout.trim())).toBe(true);
  expect(process.stderr).toBe('');
});

test('bootstrap-key tells a person what to do with it, apart from the token', async () => {
  const process = new FakeProcess({ isTerminal: true });
  await process.run('bootstrap-key');
  expect(process.stdout).toMatch(/^kws_\w{60}\n$/);
  expect(process.stderr).toContain('KEYWRIGHT_BOOTSTRAP_KEY');
});

/** A process whose stdout fails with this. */
function failing(code: string): FakeProcess {
  const process = new FakeProcess();
  const write = (_chunk: Buffer, _encoding: string, done: (error: Error) => void) =>
    done(Object.assign(new Error(`${code}: no`), { code }));
  process.context.stdout = new Writable({ write });
  return process;
}

test.each([['--version'], ['--help'], ['bootstrap-key']])(
  '%s says what it could not print',
  async (...args) => {
    const process = failing('ENOSPC');
    expect(await process.run(...args)).toBe(1);
    expect(process.stderr).toBe('keywright: What was to be printed could not be written: ENOSPC: no.\n');
  },
);

test('a reader that went away is no fault', async () => {
  const process = failing('EPIPE');
  expect(await process.run('--version')).toBe(0);
  expect(process.stderr).toBe('');
});

test('a stderr that cannot be written to is not complained of anywhere', async () => {
  const process = new FakeProcess();
  await process.run('--version');
  expect(() => process.context.stderr.emit('error', new Error('ENOSPC'))).not.toThrow();
});
