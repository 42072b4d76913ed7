import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasValidChecksum } from '../../src/keys/secret-format.ts';
import { type Ended, keywright } from './support/program.ts';

describe('bootstrap-key', () => {
  test('prints a token and nothing else, each time another one', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => keywright(['bootstrap-key'])));
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^kws_[0-9A-Za-z]{60}\n$/);
      expect(hasValidChecksum(stdout.trimEnd())).toBe(true);
    }
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(10);
    const { stdout } = await keywright(['bootstrap-key', '--json']);
    expect(hasValidChecksum(JSON.parse(stdout).secret)).toBe(true);
  });
});

describe('help', () => {
  test('of every command says what it does and has an example', async () => {
    const commands = await findCommands([]);
    expect(commands.map((path) => path.join(' '))).toEqual(
      expect.arrayContaining([
        '',
        'serve',
        'bootstrap-key',
        'audit',
        'audit verify',
        'audit head',
        'audit export',
        'doctor',
        'keys create',
        'service-key create',
        'backup',
        'restore',
      ]),
    );
    for (const path of commands) {
      const { code, stdout, stderr } = await help(path);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout, path.join(' ')).toMatch(/^Usage: keywright/);
      expect(stdout, path.join(' ')).toMatch(/\nExamples?:\n {2}\$ .*keywright/);
    }
  });

  test('comes for no command at all, too', async () => {
    expect(await keywright([])).toEqual(await help([]));
  });

  test('of serve names every flag with its variable', async () => {
    const { stdout } = await help(['serve']);
    const flags = [...stdout.matchAll(/^ {2}(--[a-z-]+?)(-file)? </gm)].map(([, flag = '']) => flag);
    expect(flags.length).toBeGreaterThan(8);
    for (const flag of flags)
      expect(stdout).toContain(`KEYWRIGHT_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`);
  });
});

test('--version is that of the package', async () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  for (const flag of ['--version', '-V'])
    expect(await keywright([flag])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test.each([
  [['srve']],
  [['serve', '--prot', '1']],
  [['serve', '--port']],
  [['serve', 'surplus']],
  [['audit', 'verfy']],
  [['--nothing']],
])('a command line that cannot be understood answers 2 and says where help is: %j', async (args) => {
  const { code, stdout, stderr } = await keywright(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: .+\n/);
  expect(stderr).toContain('--help');
});

function help(path: string[]): Promise<Ended> {
  return keywright([...path, '--help']);
}

/** All commands as help lists them, with those below them. */
async function findCommands(path: string[]): Promise<string[][]> {
  const { stdout } = await help(path);
  const list = /\nCommands:\n((?: {2}.+\n)+)/.exec(stdout)?.[1] ?? '';
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  const below = await Promise.all(names.map((name) => findCommands([...path, name])));
  return [path, ...below.flat()];
}
