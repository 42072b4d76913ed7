import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { benchCreate } from './create.ts';
import { benchManyKeys } from './many-keys.ts';
import type { Comparison } from './measure.ts';
import { benchMemory } from './memory.ts';
import { benchMiss } from './miss.ts';
import { benchVerifyHit } from './verify-hit.ts';
import { benchVerifyHttp } from './verify-http.ts';
import { benchVerifyPeer } from './verify-peer.ts';

/*
 * `npm run bench` measures everything and writes bench/results.md; `npm run bench -- --quick` only shows that each
 * benchmark runs; a name (`npm run bench -- create`) runs one. Figures count as ratios, from runs that alternate.
 */
const parameters = process.argv.slice(2);
const isQuick = parameters.includes('--quick');
const only = parameters.filter((parameter) => !parameter.startsWith('--'));
const rounds = isQuick ? 1 : 7;

const benchmarks: Record<string, () => Promise<Comparison[]>> = {
  'verify-hit': () => benchVerifyHit(rounds, isQuick ? 1000 : 100_000),
  'verify-http': () => benchVerifyHttp(rounds, isQuick ? 1 : 4),
  'verify-peer': () => benchVerifyPeer(rounds, isQuick ? 1 : 4),
  miss: () => benchMiss(rounds, isQuick ? 500 : 10_000),
  create: () => benchCreate(rounds, isQuick ? 64 : 2048),
  memory: () => benchMemory(rounds, isQuick ? 5000 : 1_000_000),
  'many-keys': () => benchManyKeys(rounds, isQuick ? 3000 : 1_000_000),
};

const rows: Comparison[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`… ${name}`);
  rows.push(...(await run()));
}
const table = formatTable(rows);
console.log(table);
if (!isQuick && only.length === 0) writeFileSync(new URL('results.md', import.meta.url), formatReport(table));

function formatTable(comparisons: Comparison[]): string {
  const number = (value: number) =>
    value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(3);
  const lines = comparisons.map(
    (row) =>
      `| ${row.name} | ${number(row.ours)} ${row.unit} | ${row.againstName}: ${number(row.against)} ${row.unit} | **${row.ratio.toFixed(2)}** | ${row.spread.map((ratio) => ratio.toFixed(2)).join(' – ')} | ${row.goal} | ${row.isReached ? 'yes' : 'no'} |`,
  );
  return [
    '| what | ours | against | ratio | spread | goal | reached |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function formatReport(text: string): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  return `# What was measured

${new Date().toISOString().slice(0, 10)}, ${machine}. Written by \`npm run bench\`.

Figures are medians of ${rounds} runs on each side, which alternate; the ratio is ours to the other, and its spread that of
neighbouring runs. The machine is shared: a ratio means something, a single figure little.

${text}
`;
}
