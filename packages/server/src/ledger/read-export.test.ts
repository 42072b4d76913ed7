import { describe, expect, test } from 'vitest';
import { checkChain } from './check-chain.ts';
import { genesis, type StoredLedgerRow } from './entry.ts';
import { toExportRow } from './export-ledger.ts';
import { ExportLineError, parseExportLine, readExport } from './read-export.ts';
import { buildChain, stream } from './testing/chain.ts';

const rows = buildChain(6);
const lines = rows.map(exportLine);

test('an export is read back as the rows that it was made from', async () => {
  const read: StoredLedgerRow[] = [];
  for await (const found of readExport(stream(lines))) read.push(found);
  expect(read).toEqual(rows);
});

test('an erased row is read back as erased', async () => {
  const erased = lines.map((line, index) => (index === 1 ? exportLine({ ...row(1), private: null }) : line));
  expect(await checkChain(readExport(stream(erased)), {})).toMatchObject({ holds: true, rows: 6, erased: 1 });
});

describe('a line that is not a row is refused with its number', () => {
  test.each([
    ['an empty one', ''],
    ['no JSON', 'seq,at,actor'],
    ['a cut one', line(2).slice(0, 50)],
    ['another JSON', '[]'],
    ['null', 'null'],
    ['a seq of 0', line(2).replace('"seq":3', '"seq":0')],
    ['a hash that is no hash', line(2).replace(/"hash":"../, '"hash":"XY')],
    ['a time that is none', line(2).replace(/"at":"[^"]*"/, '"at":"yesterday"')],
    ['no private part', line(2).replace(/,"private":.*\}$/, '}')],
    ['a short salt', line(0).replace(/"salt":".{2}/, '"salt":"')],
  ])('%s', (_, text) => {
    expect(() => parseExportLine(text, 3, row(1).hash)).toThrow(/^Line 3 /);
    expect(() => parseExportLine(text, 3, row(1).hash)).toThrow(ExportLineError);
  });
});

describe('what a line shows besides the body must be what body and private part say', () => {
  test.each([
    ["the actor's name", line(0).replace('"name":"CI"', '"name":"Eve"')],
    ["the subject's name", line(0).replace('"name":"Key 0"', '"name":"Key 9"')],
    ['the detail', line(0).replace('"reason":"r0"', '"reason":"r9"')],
    ['a private detail', line(0).replace('"ownerId":"ana@', '"ownerId":"eve@')],
    [
      'a name that was erased',
      exportLine({ ...row(0), private: null }).replace('"name":null', '"name":"CI"'),
    ],
    ['a field more', line(0).replace('"seq":1', '"note":"x","seq":1')],
    ['a time with more digits', line(0).replace(/(\.\d{3})Z/, '$1999Z')],
  ])('%s', (_, text) => {
    expect(text).not.toBe(line(0));
    expect(() => parseExportLine(text, 1, genesis.hash)).toThrow('shows something else');
  });
});

test('every change of a single character in an export is found', async () => {
  const text = line(0);
  for (let at = 0; at < text.length; at++) {
    const changed = text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
    await expect(isIntact([changed, ...lines.slice(1)]), `character ${at}`).resolves.toBe(false);
  }
});

test('lines that are missing, moved or doubled are found', async () => {
  expect(await checkChain(readExport(stream(lines.slice(1))), {})).toMatchObject({
    seq: 1,
    reason: 'missing_rows',
  });
  expect(await isIntact(lines.toSpliced(2, 1))).toBe(false);
  expect(await isIntact(lines.toSpliced(2, 0, line(1)))).toBe(false);
  expect(await isIntact([line(1), line(0), ...lines.slice(2)])).toBe(false);
});

async function isIntact(changed: string[]): Promise<boolean> {
  try {
    return (await checkChain(readExport(stream(changed)), {})).holds;
  } catch (error) {
    expect(error).toBeInstanceOf(ExportLineError);
    return false;
  }
}

function exportLine(stored: StoredLedgerRow): string {
  return JSON.stringify(toExportRow(stored));
}

function row(index: number): StoredLedgerRow {
  return rows[index] as StoredLedgerRow;
}

function line(index: number): string {
  return exportLine(row(index));
}
