import { readFileSync, writeFileSync } from 'node:fs';
import { benchConsole } from './console.ts';
import { benchCreate } from './create.ts';
import { benchGateway } from './gateway.ts';
import { benchKeysInUse } from './keys-in-use.ts';
import { benchManyKeys } from './many-keys.ts';
import type { Comparison } from './measure.ts';
import { benchMemory } from './memory.ts';
import { benchMillion } from './million.ts';
import { benchMiss } from './miss.ts';
import { benchNginx } from './nginx.ts';
import { formatRow, formatTable, updateReport } from './report.ts';
import { benchRollUp } from './roll-up.ts';
import { benchVerifyHit } from './verify-hit.ts';
import { benchVerifyHttp } from './verify-http.ts';
import { benchVerifyPeer } from './verify-peer.ts';

/*
 * `npm run bench` measures everything and writes what it measured into bench/results.md; a name
 * (`npm run bench -- create`) runs one; `--quick` only shows that it runs, and writes nothing; `--rounds=5` says how often
 * both sides run, `--keys=200000` how many keys are meant by a great many. Figures count as ratios, from runs that alternate.
 */
const parameters = process.argv.slice(2);
const isQuick = parameters.includes('--quick');
const only = parameters.filter((parameter) => !parameter.startsWith('--'));
const rounds = isQuick ? 1 : Number(/--rounds=(\d+)/.exec(parameters.join(' '))?.[1] ?? 7);
const many = Number(/--keys=(\d+)/.exec(parameters.join(' '))?.[1] ?? 1_000_000);
const report = new URL('results.md', import.meta.url);

const benchmarks: Record<string, () => Promise<Comparison[]>> = {
  'verify-hit': () => benchVerifyHit(rounds, isQuick ? 1000 : 100_000),
  'verify-http': () => benchVerifyHttp(rounds, isQuick ? 1 : 4),
  'verify-peer': () => benchVerifyPeer(rounds, isQuick ? 1 : 4),
  'keys-in-use': () => benchKeysInUse(rounds, isQuick ? 1 : 4, isQuick ? 500 : 20_000),
  nginx: () => benchNginx(rounds, isQuick ? 1 : 4),
  gateway: () => benchGateway(rounds, isQuick ? 1 : 4),
  miss: () => benchMiss(rounds, isQuick ? 500 : 10_000),
  create: () => benchCreate(rounds, isQuick ? 64 : 2048),
  memory: () => benchMemory(isQuick ? 5000 : many),
  million: () => benchMillion(rounds, isQuick ? 5000 : many, isQuick ? 50_000 : 200_000),
  'roll-up': () => benchRollUp(rounds, isQuick ? 5000 : many),
  console: () => benchConsole(rounds, isQuick ? 200 : 10_000),
  'many-keys': () => benchManyKeys(rounds, isQuick ? 3000 : many),
};

const rows: string[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`… ${name}`);
  const measured = `${new Date().toISOString().slice(0, 10)}, ${rounds} runs`;
  const found = (await run()).map((row) => formatRow(row, measured));
  rows.push(...found);
  // After each, so that a long run that ends early has told what it found.
  if (!isQuick) writeFileSync(report, updateReport(readFileSync(report, 'utf8'), found));
}
console.log(formatTable(rows));
