import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { genesis, type StoredLedgerRow } from '../ledger/entry.ts';
import { toExportRow } from '../ledger/export-ledger.ts';
import { buildRow } from '../ledger/row.ts';
import { buildChain } from '../ledger/testing/chain.ts';
import { StartupError } from '../startup-error.ts';
import { formatHead } from './head-text.ts';
import { FakeProcess, installationOf } from './testing/fake-context.ts';

const rows = buildChain(7);
const headText = formatHead(rows[6] as StoredLedgerRow);
const ndjson = rows.map((row) => `${JSON.stringify(toExportRow(row))}\n`).join('');
const edited = rows.map((row) => (row.seq === 4 ? { ...row, actorId: 'svc_x' } : row));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keywright-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('audit verify', () => {
  test('0 and the head, when the chain of the database holds', async () => {
    const installation = installationOf(rows.with(1, { ...(rows[1] as StoredLedgerRow), private: null }));
    const process = new FakeProcess({ installation });
    expect(await process.run('audit', 'verify', '--head', headText)).toBe(0);
    expect(process.stdout).toBe(`The chain holds: 7 rows, 1 erased.\nHead: ${headText}\n`);
    expect(installation.isOpen()).toBe(false);
  });

  test('1 and the first bad row, when it does not', async () => {
    const installation = installationOf(edited);
    const process = new FakeProcess({ installation });
    expect(await process.run('audit', 'verify')).toBe(1);
    expect(process.stdout).toMatch(
      /^The chain does not hold: row 4 was changed: its body has another actorId\.\n/,
    );
    expect(installation.isOpen()).toBe(false);
  });

  test('2, when the file to check has no name', async () => {
    const process = new FakeProcess({ installation: installationOf(rows) });
    expect(await process.run('audit', 'verify', '--file', '')).toBe(2);
    expect(process.stderr).toContain('Name a file to read.');
  });

  test('1, when the kept head is not in it', async () => {
    const process = new FakeProcess({ installation: installationOf(rows) });
    expect(await process.run('audit', 'verify', '--head', `3:${'0'.repeat(64)}`)).toBe(1);
    expect(process.stdout).toContain('row 3 has another hash than the kept head');
  });

  test('1, when rows were cut off, and when the stored head was set back', async () => {
    expect(
      await new FakeProcess({ installation: installationOf(rows.slice(0, 5), rows[6]) }).run(
        'audit',
        'verify',
      ),
    ).toBe(1);
    expect(
      await new FakeProcess({ installation: installationOf(rows, rows[4]) }).run('audit', 'verify'),
    ).toBe(1);
  });

  test('1, when a row was put before the first one', async () => {
    const forged = { ...(rows[0] as StoredLedgerRow), seq: -1 };
    const process = new FakeProcess({ installation: installationOf([forged, ...rows]) });
    expect(await process.run('audit', 'verify')).toBe(1);
  });

  test('rows that a running server adds meanwhile are no fault', async () => {
    const growing = [...rows];
    const installation = installationOf(growing);
    const { openStorageReadOnly } = installation;
    const open = async () => {
      const { stores, close } = await openStorageReadOnly();
      let reads = 0;
      const head = async () => {
        if (reads++ === 0) return { ...genesis, ...rows[4], seq: 5 } as never;
        return rows[6] as never;
      };
      return { stores: { ...stores, ledger: { ...stores.ledger, head } }, close };
    };
    const process = new FakeProcess({ installation: { openStorageReadOnly: open } });
    expect(await process.run('audit', 'verify')).toBe(0);
    expect(process.stdout).toContain('5 rows');
  });

  test('2, when it could not be checked', async () => {
    const openStorageReadOnly = () =>
      Promise.reject(new StartupError('There is nothing in this database yet.'));
    const process = new FakeProcess({ installation: { openStorageReadOnly } });
    expect(await process.run('audit', 'verify')).toBe(2);
    expect(process.stderr).toBe('keywright: not checked: There is nothing in this database yet.\n');
    expect(await new FakeProcess({ env: { KEYWRIGHT_PORT: 'x' } }).run('audit', 'verify')).toBe(2);
    expect(await new FakeProcess().run('audit', 'verify', '--file', join(directory, 'nowhere'))).toBe(2);
  });

  test('as JSON', async () => {
    const holding = new FakeProcess({ installation: installationOf(rows) });
    await holding.run('audit', 'verify', '--json');
    expect(JSON.parse(holding.stdout)).toEqual({ holds: true, rows: 7, erased: 0, head: headText });

    const broken = new FakeProcess({ installation: installationOf(edited) });
    await broken.run('audit', 'verify', '--json');
    expect(JSON.parse(broken.stdout)).toMatchObject({
      holds: false,
      seq: 4,
      reason: 'wrong_column',
      rows: 3,
    });

    const unchecked = new FakeProcess();
    expect(await unchecked.run('audit', 'verify', '--json')).toBe(2);
    expect(JSON.parse(unchecked.stdout)).toEqual({ holds: null, error: 'not needed here' });
  });

  test('of an exported file, without any database', async () => {
    const path = join(directory, 'ledger.ndjson');
    writeFileSync(path, ndjson);
    const process = new FakeProcess({ cwd: directory, env: { KEYWRIGHT_PORT: 'x' } });
    expect(await process.run('audit', 'verify', '--file', 'ledger.ndjson', '--head', headText)).toBe(0);
    expect(process.stdout).toContain(headText);
  });

  test('of an export on stdin, also without a line feed at its end', async () => {
    expect(await new FakeProcess({ stdin: ndjson }).run('audit', 'verify', '--file', '-')).toBe(0);
    expect(await new FakeProcess({ stdin: ndjson.trimEnd() }).run('audit', 'verify', '--file', '-')).toBe(0);
  });

  test('1 and the line, for a damaged file', async () => {
    const process = new FakeProcess({ stdin: ndjson.slice(0, -20) });
    expect(await process.run('audit', 'verify', '--file', '-')).toBe(1);
    expect(process.stdout).toContain('row 7 (line 7) is not JSON');
  });

  test('1 and why, for an export of one project', async () => {
    const process = new FakeProcess({ stdin: ndjson.slice(ndjson.indexOf('\n') + 1) });
    expect(await process.run('audit', 'verify', '--file', '-')).toBe(1);
    expect(process.stdout).toContain('Only an unfiltered export');
  });

  test('2, for an empty file', async () => {
    expect(await new FakeProcess({ stdin: '' }).run('audit', 'verify', '--file', '-')).toBe(2);
  });
});

describe('audit head', () => {
  test('prints seq and hash', async () => {
    const process = new FakeProcess({ installation: installationOf(rows) });
    expect(await process.run('audit', 'head')).toBe(0);
    expect(process.stdout).toBe(`${headText}\n`);
  });

  test('prints JSON', async () => {
    const process = new FakeProcess({ installation: installationOf(rows) });
    await process.run('audit', 'head', '--json');
    expect(JSON.parse(process.stdout)).toEqual({ seq: 7, hash: rows[6]?.hash.toString('hex') });
  });

  test('1 and a sentence, when there is no database', async () => {
    const process = new FakeProcess();
    expect(await process.run('audit', 'head')).toBe(1);
    expect(process.stderr).toBe('keywright: not needed here\n');
    expect(process.stdout).toBe('');
  });
});

describe('audit export', () => {
  test('prints a line for each row', async () => {
    const installation = installationOf(rows);
    const process = new FakeProcess({ installation });
    expect(await process.run('audit', 'export')).toBe(0);
    expect(process.stdout).toBe(ndjson);
    expect(process.context.stdout.writableEnded).toBe(false);
    expect(installation.isOpen()).toBe(false);
  });

  test('writes a file that only its user may read', async () => {
    const process = new FakeProcess({ cwd: directory, installation: installationOf(rows) });
    expect(await process.run('audit', 'export', '--output', 'out.ndjson')).toBe(0);
    const path = join(directory, 'out.ndjson');
    expect(readFileSync(path, 'utf8')).toBe(ndjson);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(process.stdout).toMatch(
      new RegExp(`^Wrote ${rows.length} rows to ${path}\\.\nHead: ${rows.length}:`),
    );
  });

  test('overwrites nothing unless it is told to', async () => {
    const path = join(directory, 'out.ndjson');
    writeFileSync(path, 'mine');
    const process = new FakeProcess({ installation: installationOf(rows) });
    expect(await process.run('audit', 'export', '--output', path)).toBe(2);
    expect(process.stderr).toContain(`${path} exists already: add --force`);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(await process.run('audit', 'export', '--output', path, '--force')).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(ndjson);
  });

  test('gives a file in a directory a name with the time in it', async () => {
    const process = new FakeProcess({ installation: installationOf(rows) });
    expect(await process.run('audit', 'export', '--output', directory, '--json')).toBe(0);
    const { file } = JSON.parse(process.stdout);
    expect(file).toMatch(/\/keywright-\d{8}T\d{6}Z\.ndjson$/);
    expect(readFileSync(file, 'utf8')).toBe(ndjson);
  });

  test('leaves no part of an export behind when it fails', async () => {
    const damaged = rows.with(3, { ...(rows[3] as StoredLedgerRow), body: '{' });
    const path = join(directory, 'out.ndjson');
    const process = new FakeProcess({ installation: installationOf(damaged) });
    expect(await process.run('audit', 'export', '--output', path)).toBe(1);
    expect(process.stderr).toContain('Row 4 is damaged');
    expect(readdirSync(directory)).toEqual([]);
  });

  test('reads no faster than it is read, and ends quietly when the reader goes', async () => {
    const entry = {
      action: 'key.created',
      projectId: null,
      subject: { type: 'key', id: 'k', name: 'x'.repeat(1000) },
    } as const;
    const caller = { type: 'system', id: 'system', name: null, projectId: null, scopes: new Set() } as never;
    const many: StoredLedgerRow[] = [];
    for (let i = 0; i < 3000; i++) many.push(buildRow(many.at(-1) ?? genesis, entry, caller, i));
    const installation = installationOf(many);
    const process = new FakeProcess({ installation });
    let received = 0;
    // Never says that it wrote, until it breaks.
    const stuck = new Writable({
      write: (chunk: Buffer) => {
        received += chunk.length;
        setTimeout(() => stuck.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })), 50);
      },
    });
    process.context.stdout = stuck;
    expect(await process.run('audit', 'export')).toBe(0);
    expect(received).toBeLessThan(5000);
    expect(stuck.writableLength).toBeLessThan(100_000);
    expect(process.stderr).toBe('');
    expect(installation.isOpen()).toBe(false);
  });
});
