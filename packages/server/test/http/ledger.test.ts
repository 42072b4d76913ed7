import { type LedgerExportRow, ledgerExportRow } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { checkChain } from '../../src/ledger/check-chain.ts';
import { readExport } from '../../src/ledger/read-export.ts';
import { type Client, readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

const ndjson = { Accept: 'application/x-ndjson' };

onBothEngines((at) => {
  /** The lines of an export, which must be whole. */
  const exportLines = async (caller: Client, projectId: string | null, query = {}): Promise<string[]> => {
    const name = projectId === null ? 'listLedger' : 'listProjectLedger';
    const params = projectId === null ? {} : { projectId };
    const { status, headers, text } = await caller.send(name, { params, query, headers: ndjson });
    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/x-ndjson']);
    expect(headers.get('Cache-Control')).toBe('no-store');
    if (text === '') return [];
    expect(text.endsWith('\n')).toBe(true);
    return text.slice(0, -1).split('\n');
  };
  const exportRows = async (
    caller: Client,
    projectId: string | null,
    query = {},
  ): Promise<LedgerExportRow[]> => {
    const lines = await exportLines(caller, projectId, query);
    return lines.map((line) => {
      const row = JSON.parse(line) as unknown;
      const parsed = ledgerExportRow.parse(row);
      expect(row).toStrictEqual(parsed);
      return parsed;
    });
  };
  const check = (lines: string[]) => checkChain(readExport(toAsync(lines)), {});

  /** A project in which a bit of everything happened. */
  const makeHistory = async () => {
    const project = await at.createProject();
    const channel = await at.createChannel(project.id, { description: 'Zürich\n🔑' });
    const { key } = await at.createKey(project.id, { ownerId: 'Owner Anna', channelId: channel.id });
    await at.admin.call('updateKey', {
      params: { keyId: key.id },
      body: { ownerId: 'Owner Ben', metadata: { a: '\u2027' } },
    });
    await at.admin.call('rotateKey', { params: { keyId: key.id } });
    await at.admin.call('revokeKey', { params: { keyId: key.id }, body: { reason: 'Größe' } });
    const caller = await at.createServiceKey(project.id);
    await caller.call('updateProject', { params: { projectId: project.id }, body: { name: 'Renamed' } });
    return { project, key, caller, rows: 8 };
  };

  describe('the instance’s export', () => {
    test('is a chain from the first row on, as anybody can check', async () => {
      await makeHistory();
      const lines = await exportLines(at.admin, null);
      const report = await check(lines);
      expect(report).toMatchObject({ holds: true, rows: lines.length, erased: 0 });
      const { items } = await at.admin.call('listLedger', { query: { limit: 1 } });
      const [head] = items;
      expect(report.holds && report.head.hash.toString('hex')).toBe(head?.hash);
      const rows = await exportRows(at.admin, null);
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    });

    test('shows what was changed, taken out, moved or cut off', async () => {
      await makeHistory();
      const lines = await exportLines(at.admin, null);
      const at3 = lines[3] ?? '';
      expect(await check(lines.toSpliced(3, 1))).toMatchObject({
        holds: false,
        seq: 4,
        reason: 'missing_rows',
      });
      expect(await check(lines.toSpliced(3, 0, at3))).toMatchObject({
        holds: false,
        reason: 'duplicated_row',
      });
      const body = at3.replace('\\"action\\":\\"', '\\"action\\":\\"x');
      expect(body).not.toBe(at3);
      expect(await check(lines.with(3, body)).catch((error: unknown) => error)).not.toMatchObject({
        holds: true,
      });
      const renamed = at3.replace('"name":"', '"name":"x');
      await expect(check(lines.with(3, renamed))).rejects.toThrow('Line 4');
    });

    test('keeps names, owners and free text out of the hashed text', async () => {
      const { project } = await makeHistory();
      const rows = await exportRows(at.admin, project.id);
      const hidden = rows.map((row) => row.private?.json ?? '').join('\n');
      const hashed = rows.map((row) => row.body).join('\n');
      for (const word of [
        'Owner Anna',
        'Owner Ben',
        'Größe',
        'Zürich',
        'Renamed',
        project.name,
        'Bootstrap',
        'Service key-',
      ]) {
        expect(hashed).not.toContain(word);
      }
      for (const word of ['Owner Anna', 'Owner Ben', 'Größe', 'Renamed', 'Bootstrap'])
        expect(hidden).toContain(word);
      for (const row of rows) {
        const body = JSON.parse(row.body) as { seq: number; private: string | null };
        expect(body.seq).toBe(row.seq);
        expect(body.private).toMatch(/^[0-9a-f]{64}$/);
        expect(row.private?.salt).toMatch(/^[0-9a-f]{32}$/);
      }
      expect(new Set(rows.map((row) => row.private?.salt)).size).toBe(rows.length);
    });

    test('holds no secret, and no secret’s hash', async () => {
      const { project, caller } = await makeHistory();
      const { secret } = await at.createKey(project.id);
      const text = (await exportLines(at.admin, null)).join('\n');
      const hashes = await Promise.all(
        [secret, caller.secret, at.service.bootstrapKey].map(async (value) => {
          const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(value)));
          return [
            value,
            value.slice(8, 40),
            digest.toString('hex'),
            digest.toString('base64'),
            digest.toString('base64url'),
          ];
        }),
      );
      for (const needle of hashes.flat()) expect(text).not.toContain(needle);
    });
  });

  describe('a project’s export', () => {
    test('has its own rows and no others, oldest first', async () => {
      const [own, other] = [await makeHistory(), await makeHistory()];
      for (const caller of [own.caller, at.admin]) {
        const rows = await exportRows(caller, own.project.id);
        expect(rows).toHaveLength(own.rows);
        expect(new Set(rows.map(({ projectId }) => projectId))).toEqual(new Set([own.project.id]));
        expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).sort((a, b) => a - b));
        expect(rows.map(({ action }) => action)).toEqual([
          ...[
            'project.created',
            'channel.created',
            'key.created',
            'key.updated',
            'key.rotated',
            'key.revoked',
          ],
          ...['service_key.created', 'project.updated'],
        ]);
      }
      const answer = await own.caller.send('listProjectLedger', {
        params: { projectId: other.project.id },
        headers: ndjson,
      });
      expect(readProblem(answer)).toMatchObject({ status: 404, code: 'not_found' });
      const whole = await own.caller.send('listLedger', { headers: ndjson });
      expect(readProblem(whole)).toMatchObject({ status: 403, code: 'forbidden' });
    });

    test('outlives the project, for the instance', async () => {
      const { project, rows, caller } = await makeHistory();
      await at.admin.call('deleteProject', { params: { projectId: project.id } });
      expect(await exportRows(at.admin, project.id)).toHaveLength(rows + 1);
      const answer = await caller.send('listProjectLedger', {
        params: { projectId: project.id },
        headers: ndjson,
      });
      expect(answer.status).toBe(401);
    });

    test('404 for a project that never was', async () => {
      const params = { projectId: 'prj_01m7xyb2qmrg3t40v4k6p7t5jv' };
      for (const headers of [ndjson, {}]) {
        expect(readProblem(await at.admin.send('listProjectLedger', { params, headers }))).toMatchObject({
          status: 404,
        });
      }
    });
  });

  describe('filters', () => {
    test('by action, actor, subject and time, alike in a list and in an export', async () => {
      const { project, key, caller } = await makeHistory();
      const params = { projectId: project.id };
      const all = await exportRows(at.admin, project.id);
      const middle = all[3]?.at ?? '';
      const expectFound = async (query: Record<string, string>, expected: LedgerExportRow[]) => {
        expect(await exportRows(at.admin, project.id, query)).toStrictEqual(expected);
        const { items, page } = await at.admin.call('listProjectLedger', { params, query });
        expect(items.map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq).reverse());
        expect(page.total).toBe(expected.length);
      };
      expect(expectFound).toBeDefined();
      await expectFound(
        { action: 'key.revoked' },
        all.filter(({ action }) => action === 'key.revoked'),
      );
      await expectFound({ actor: caller.id }, all.slice(-1));
      await expectFound(
        { subject: key.id },
        all.filter(({ subject }) => subject.id === key.id),
      );
      await expectFound(
        { subject: key.id, action: 'key.rotated' },
        all.filter(({ action }) => action === 'key.rotated'),
      );
      await expectFound(
        { from: middle },
        all.filter(({ at }) => at >= middle),
      );
      await expectFound(
        { to: middle },
        all.filter(({ at }) => at < middle),
      );
      await expectFound(
        { from: middle.replace('Z', '+00:00') },
        all.filter(({ at }) => at >= middle),
      );
      await expectFound({ from: '2099-01-01T00:00:00Z' }, []);
      await expectFound({ subject: 'nobody' }, []);
    });

    test.each([
      ['action', 'key.exploded'],
      ['from', 'yesterday'],
      ['to', '2099-01-01'],
      ['actor', ''],
      ['subject', 'a\nb'],
    ])('400 for %s=%j, also for an export', async (param, value) => {
      for (const headers of [ndjson, {}]) {
        const answer = await at.admin.send('listLedger', { query: { [param]: value }, headers });
        expect(readProblem(answer)).toMatchObject({ code: 'validation_failed', errors: [{ path: param }] });
      }
    });
  });

  test('400 for an export in pages, instead of all rows', async () => {
    const { project } = await makeHistory();
    const params = { projectId: project.id };
    const { page } = await at.admin.call('listProjectLedger', { params, query: { limit: 2 } });
    for (const query of [
      { limit: 2 },
      { cursor: page.next ?? '' },
      { limit: 2, action: 'key.created' as const },
    ]) {
      const answer = await at.admin.send('listProjectLedger', { params, query, headers: ndjson });
      const [path] = Object.keys(query);
      expect(readProblem(answer)).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    }
    const whole = await at.admin.send('listLedger', { query: { limit: 100 }, headers: ndjson });
    expect(readProblem(whole)).toMatchObject({ errors: [{ path: 'limit' }] });
  });

  describe('the list', () => {
    test('pages there and back, newest first', async () => {
      const { project, rows } = await makeHistory();
      const params = { projectId: project.id };
      const whole = await at.admin.call('listProjectLedger', { params });
      expect(whole.page).toEqual({
        next: null,
        previous: null,
        from: 1,
        to: rows,
        total: rows,
        totalIsExact: true,
      });
      const first = await at.admin.call('listProjectLedger', { params, query: { limit: 5 } });
      const second = await at.admin.call('listProjectLedger', {
        params,
        query: { limit: 5, cursor: first.page.next ?? '' },
      });
      expect([...first.items, ...second.items]).toEqual(whole.items);
      expect(second.page).toMatchObject({ from: 6, to: 8, next: null });
      const back = await at.admin.call('listProjectLedger', {
        params,
        query: { limit: 5, cursor: second.page.previous ?? '' },
      });
      expect(back.items).toEqual(first.items);
      const problem = await at.admin.refuse('listLedger', {
        query: { limit: 5, cursor: first.page.next ?? '' },
      });
      expect(problem).toMatchObject({ errors: [{ path: 'cursor' }] });
    });

    test('is JSON unless NDJSON is asked for by name', async () => {
      const { project } = await makeHistory();
      const params = { projectId: project.id };
      for (const Accept of [
        '',
        '*/*',
        'application/json',
        'text/html',
        'application/x-ndjson;q=0',
        'application/ndjson',
      ]) {
        const { headers } = await at.admin.send('listProjectLedger', { params, headers: { Accept } });
        expect([Accept, headers.get('Content-Type')]).toEqual([Accept, 'application/json']);
      }
      for (const Accept of ['Application/X-NDJSON', 'text/html, application/x-ndjson;q=0.5']) {
        const { headers } = await at.admin.send('listProjectLedger', { params, headers: { Accept } });
        expect([Accept, headers.get('Content-Type')]).toEqual([Accept, 'application/x-ndjson']);
      }
    });

    test('has the same rows as an export, without what only checking needs', async () => {
      const { project } = await makeHistory();
      const rows = await exportRows(at.admin, project.id);
      const { items } = await at.admin.call('listProjectLedger', { params: { projectId: project.id } });
      expect(items.toReversed()).toStrictEqual(rows.map(({ body: _, private: __, ...row }) => row));
    });
  });

  test('what the service does by itself has the system as actor', async () => {
    const { items } = await at.admin.call('listLedger', { query: { actor: 'system' } });
    expect(items).toMatchObject([
      {
        seq: 1,
        action: 'service_key.created',
        actor: { type: 'system', id: 'system', name: null },
        subject: { type: 'service_key', name: 'Bootstrap' },
        projectId: null,
      },
    ]);
  });

  test('a long export is whole, though more is written meanwhile, and its chain holds', async () => {
    const { id } = await at.createProject();
    for (let batch = 0; batch < 30; batch++) {
      await Promise.all(Array.from({ length: 20 }, () => at.createKey(id)));
    }
    const [lines] = await Promise.all([
      exportLines(at.admin, null),
      ...Array.from({ length: 20 }, () => at.createKey(id)),
    ]);
    expect(lines.length).toBeGreaterThan(600);
    expect(await check(lines)).toMatchObject({ holds: true, rows: lines.length });
  });
});

async function* toAsync(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}
