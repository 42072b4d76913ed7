import type { RefusalStore } from '../usage/refusal-store.ts';
import type { Engine } from './engine.ts';
import { jsonInput } from './json-input.ts';
import type { Run } from './statement.ts';

/** @see RefusalStore */
export function createRefusalStore(run: Run, engine: Engine): RefusalStore {
  return {
    async insert(refusals) {
      if (refusals.length === 0) return;
      const rows = refusals.map((refusal) => {
        const { requestId, at, projectId, keyId, code, door, channel, scopes, ip, userAgent, cost } = refusal;
        return [
          requestId,
          at,
          projectId,
          keyId,
          code,
          door,
          channel,
          JSON.stringify(scopes),
          ip,
          userAgent,
          cost,
        ];
      });
      await run(insertTexts[engine], [JSON.stringify(rows)]);
    },
  };
}

const insertTexts = { sqlite: insertText('sqlite'), postgres: insertText('postgres') };

function insertText(engine: Engine): string {
  const columns = {
    request_id: 'text',
    at: 'integer',
    project_id: 'text',
    key_id: 'text',
    code: 'text',
    door: 'text',
    channel: 'text',
    scopes: 'text',
    ip: 'text',
    user_agent: 'text',
    cost: 'integer',
  } as const;
  const names = Object.keys(columns).join(', ');
  return `INSERT INTO refusals (${names}) SELECT ${names} FROM ${jsonInput(engine, columns)}`;
}
