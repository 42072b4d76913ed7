import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onBothEngines } from '../support/installation.ts';

const folder = join(import.meta.dirname, '../../../../docs/grafana');

interface Target {
  expr: string;
  datasource: object;
}
interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
}
interface Dashboard {
  panels: Panel[];
  templating: { list: { name: string; type: string }[] };
}

const dashboard = JSON.parse(readFileSync(join(folder, 'keywright.json'), 'utf8')) as Dashboard;
const alerts = readFileSync(join(folder, 'alerts.yml'), 'utf8');
const dashboardExpressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const alertExpressions = [...alerts.matchAll(/^ +expr: (.+)$/gm)].map(([, expr = '']) => expr);

/** Everything in an expression that is a name and not a part of the language. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\bby \([^)]*\)/g, '');
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w)(\s*\()?/g)];
  return names
    .filter(([, isCall]) => isCall === undefined)
    .map(([name]) => name.trim())
    .filter((name) => name !== 'sum' && name !== 'count');
}

/** The metrics that a text in Prometheus's format has, under each name by which one can ask for them. */
function metricsOf(text: string): Map<string, string[]> {
  const metrics = new Map<string, string[]>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const parts =
      type === 'histogram'
        ? ['_bucket', '_sum', '_count']
        : type === 'summary'
          ? ['', '_sum', '_count']
          : [''];
    metrics.set(
      name,
      parts.map((part) => name + part),
    );
  }
  return metrics;
}

test('names are found in expressions, and the words of the language are not taken for them', () => {
  expect(
    metricsIn(
      'histogram_quantile(0.9, sum by (le, route) (rate(a_bucket{b="c", d=~"e.."}[5m]))) / abs(f) > time() - up',
    ),
  ).toEqual(['a_bucket', 'f', 'up']);
});

describe('the dashboard', () => {
  test('has panels that do not overlap, each with a title and questions to the chosen data source', () => {
    const taken = new Set<string>();
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { title, type, gridPos, targets = [] } of dashboard.panels) {
      expect(title).not.toBe('');
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
      expect(targets.length > 0, title).toBe(type !== 'row');
      for (const { datasource, expr } of targets) {
        expect(datasource).toEqual({ type: 'prometheus', uid: `\${datasource}` });
        expect(expr).toContain('instance=~"$instance"');
      }
    }
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['instance', 'query'],
    ]);
  });
});

test('every alert has an expression, a severity, and says what it means and what to do', () => {
  const count = (pattern: RegExp) => [...alerts.matchAll(pattern)].length;
  expect(alertExpressions.length).toBeGreaterThan(8);
  for (const pattern of [
    /- alert: Keywright\w+$/gm,
    /severity: (critical|warning)$/gm,
    /summary: \S/gm,
    /description: \S/gm,
  ])
    expect(count(pattern), String(pattern)).toBe(alertExpressions.length);
});

onBothEngines((at) => {
  const read = async () => metricsOf((await at.as(null).request('GET', '/metrics')).text);

  test('the dashboard and the alerts ask only for what /metrics tells', async () => {
    // Of these the one who asks knows: it is whether /metrics answered at all.
    const told = new Set(['up', ...[...(await read()).values()].flat()]);
    for (const expression of [...dashboardExpressions, ...alertExpressions]) {
      const names = metricsIn(expression);
      expect(names.length, expression).toBeGreaterThan(0);
      expect(
        names.filter((name) => !told.has(name)),
        expression,
      ).toEqual([]);
    }
  });

  test('what Keywright tells of itself is on the dashboard or in an alert', async () => {
    const asked = new Set([...dashboardExpressions, ...alertExpressions].flatMap(metricsIn));
    const own = [...(await read())].filter(([name]) => name.startsWith('keywright_'));
    expect(own.length).toBeGreaterThan(15);
    expect(own.filter(([, names]) => !names.some((name) => asked.has(name))).map(([name]) => name)).toEqual(
      [],
    );
  });

  test('the numbers move with what happens', async () => {
    const value = async (name: string) => {
      const { text } = await at.as(null).request('GET', '/metrics');
      const line = text.split('\n').find((part) => part.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1));
    };
    const { key } = await at.createKey((await at.createProject()).id);
    const waits = await value('keywright_barrier_wait_seconds_count');
    await at.admin.call('revokeKey', { params: { keyId: key.id } });
    expect(await value('keywright_barrier_wait_seconds_count')).toBe(waits + 1);
    const head = await at.ledgerHead();
    expect(await value('keywright_ledger_head_seq')).toBe(head);
    expect(await value('keywright_ledger_applied_seq')).toBe(head);
    expect(await value('keywright_heartbeat_age_seconds')).toBeLessThan(9);
    expect(await value('keywright_lease_left_seconds')).toBeGreaterThan(1);
    expect(await value('keywright_lease_left_seconds')).toBeLessThanOrEqual(10);
    expect(await value('keywright_database_round_trip_seconds')).toBeGreaterThan(0);
    expect(await value('keywright_database_connections_open')).toBeGreaterThan(0);
    expect(await value('keywright_http_connections')).toBeGreaterThan(0);
  });
});
