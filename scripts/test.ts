// All that must hold before a change is taken: the build, the static checks, then every test. It goes on after a fault,
// so that one run shows them all, and its last line, `N passed, N failed`, counts each check and each test as one.
//
//   npm test                     everything
//   npm test -- some/path        the build, and the tests that match (any argument of Vitest's may stand here)
//   npm run check                the build and the static checks
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, type Tally } from './count-tests.ts';

const root = join(import.meta.dirname, '..');
const build = { name: 'build', command: ['scripts/build.ts'] };
const staticChecks = [
  { name: 'format', command: [tool('@biomejs/biome/bin/biome'), 'check', '--linter-enabled=false'] },
  {
    name: 'lint',
    command: [tool('@biomejs/biome/bin/biome'), 'lint', '--error-on-warnings', '--diagnostic-level=warn'],
  },
  { name: 'types', command: [tool('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the console', command: [tool('typescript/bin/tsc'), '-p', 'packages/console'] },
  { name: 'types of its tests', command: [tool('typescript/bin/tsc'), '-p', 'packages/console/test'] },
  { name: 'unused code', command: [tool('knip/bin/knip.js'), '--no-progress'] },
  { name: 'import directions', command: ['scripts/check-imports.ts'] },
  { name: 'paths in ARCHITECTURE.md', command: ['scripts/check-architecture.ts'] },
];
// Its figures are no tests; that each benchmark still runs is one.
const benchmarks = {
  name: 'the benchmarks run',
  command: ['--conditions=source', 'bench/run.ts', '--quick'],
};
/** No check takes a third of it. One that hangs fails, so that what comes after it is still looked at. */
const checkLimitMs = 600_000;

const checksOnly = process.argv.includes('--checks-only');
const testArguments = process.argv.slice(2).filter((argument) => argument !== '--checks-only');
const isFiltered = testArguments.length > 0;

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const checks = [
  build,
  ...(isFiltered ? [] : staticChecks),
  ...(isFiltered || checksOnly ? [] : [benchmarks]),
];
for (const check of checks) {
  const passed = await runCheck(check.name, check.command);
  total[passed ? 'passed' : 'failed'] += 1;
}
if (!checksOnly) {
  const tests = await runTests();
  total.passed += tests.passed;
  total.failed += tests.failed;
  if (tests.skipped > 0) console.log(`${tests.skipped} skipped`);
  if (tests.passed + tests.failed === 0) {
    console.log('No test ran.');
    total.failed += 1;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Runs one check, and shows what it said only when it failed. */
async function runCheck(name: string, command: string[]): Promise<boolean> {
  const startedAt = performance.now();
  const { code, output } = await runNode(command, 'pipe', checkLimitMs);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
  if (code !== 0) console.log(`\n${output.trimEnd()}\n`);
  return code === 0;
}

async function runTests(): Promise<Tally> {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const reportPath = join(directory, 'report.json');
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  // A test.only left behind must not make a full run pass with nearly nothing run.
  const strictness = isFiltered ? [] : ['--allowOnly=false'];
  const { code } = await runNode(
    [tool('vitest/vitest.mjs'), 'run', ...reporting, ...strictness, ...testArguments],
    'inherit',
  );
  return countTests(existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, 'utf8')) : undefined, code);
}

async function runNode(command: string[], output: 'pipe' | 'inherit', limitMs = 0) {
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', output, output],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  // A run that is stopped stops what it started, so that no server stays behind.
  let stoppedBy: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    stoppedBy = signal;
    child.kill(signal);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const [code] = await once(child, 'close');
  process.off('SIGTERM', stop).off('SIGINT', stop);
  if (stoppedBy) {
    console.log(`Stopped by ${stoppedBy}.`);
    process.exit(1);
  }
  if (code === null) said += `\nIt did not end, or was killed (${child.signalCode}).`;
  return { code: code as number | null, output: said };
}

function tool(path: string): string {
  return join(root, 'node_modules', path);
}
