import type { Pool, QueryConfig } from 'pg';
import { type SecretHash, secretHashBytes } from '../keys/secret-format.ts';
import type { VerificationStore } from '../verification/verification-store.ts';
import { translateError } from './database-error.ts';
import {
  channelQuery,
  fromChannelRow,
  fromKeyRow,
  fromServiceKeyRow,
  importsQuery,
  keyQuery,
  queryEach,
  serviceKeyQuery,
} from './point-queries.ts';

/** Milliseconds. Each takes a fraction of one; whoever asks for a verification does not wait for a database that hangs. */
const loadTimeoutMs = 3000;

/** Verification's reads on PostgreSQL, as statements that each connection prepares once. */
export function createPostgresVerificationStore(pool: Pool): VerificationStore {
  const run = async (name: string, text: string, values: unknown[]): Promise<unknown[]> => {
    try {
      return (await pool.query({ name, text, values, query_timeout: loadTimeoutMs } as QueryConfig)).rows;
    } catch (error) {
      throw translateError(error);
    }
  };
  const byHashes = (name: string, query: (match: string) => string) => {
    const single = query('= $1');
    const several = queryEach(query);
    return (hashes: SecretHash[]): Promise<unknown[]> => {
      const bytes = hashes.map(secretHashBytes);
      return bytes.length === 1 ? run(name, single, bytes) : run(`${name}_several`, several, [bytes]);
    };
  };
  const keys = byHashes('load_key', keyQuery);
  const serviceKeys = byHashes('load_service_key', serviceKeyQuery);
  const channel = channelQuery('$1', '$1');
  return {
    loadKeys: async (hashes) => (await keys(hashes)).map(fromKeyRow),
    loadServiceKeys: async (hashes) => (await serviceKeys(hashes)).map(fromServiceKeyRow),
    hasImports: async () => (await run('has_imports', importsQuery, [])).length > 0,
    async loadChannel(idOrSlug) {
      const [row] = await run('load_channel', channel, [idOrSlug]);
      return row === undefined ? null : fromChannelRow(row);
    },
  };
}
