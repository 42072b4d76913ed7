import { fromKeyRow } from '../packages/server/src/storage/point-queries.ts';
import type { Group } from '../packages/server/src/verification/cached-record.ts';
import { RecordMap } from '../packages/server/src/verification/record-map.ts';
import { VerificationRecord } from '../packages/server/src/verification/verification-record.ts';
import { makeUpKey } from './made-up-keys.ts';
import { type Comparison, compare } from './measure.ts';

/** What memory a great many records take in the map, beyond their own. */
export async function benchMemory(count: number): Promise<Comparison[]> {
  return [
    await compare(
      {
        name: `memory for each of ${count.toLocaleString('en')} records in the map`,
        unit: 'bytes',
        againstName: 'the records alone, in a list',
        goal: { atMostMore: 130 },
        ours: () => bytesPerRecord(count, 'map'),
        against: () => bytesPerRecord(count, 'list'),
      },
      1,
    ),
  ];
}

const kept: unknown[] = [];

function bytesPerRecord(count: number, shape: 'map' | 'list'): number {
  kept.length = 0;
  const before = usedBytes();
  const map = shape === 'map' ? new RecordMap<VerificationRecord>(count) : null;
  const list: VerificationRecord[] = [];
  for (let index = 0; index < count; index++) {
    const record = makeRecord(index, count);
    if (map === null) list.push(record);
    else map.add(record);
  }
  kept.push(map, list);
  const bytes = (usedBytes() - before) / count;
  kept.length = 0;
  return bytes;
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const group: Group = { id: 'prj_01kdyak3seyj5jg8j2rwqqvcjs', isDropped: false };

function makeRecord(index: number, count: number): VerificationRecord {
  return new VerificationRecord(fromKeyRow(madeUpRow(index, count)), group, null);
}

/** As one that was loaded: its texts are its own, as a database driver makes them. */
export function madeUpRow(index: number, count: number) {
  const key = makeUpKey(index, count);
  return {
    sha256: Buffer.from(key.hash, 'latin1'),
    retires_at: null,
    id: key.id,
    project_id: group.id,
    channel_id: null,
    owner_id: key.ownerId,
    name: key.name,
    format: 'token',
    public_id: null,
    status: key.status,
    scopes: JSON.stringify(key.scopes),
    metadata: JSON.stringify(key.metadata),
    ip_allow: '[]',
    rate_limits: '[]',
    quota_limit: null,
    quota_period: null,
    expires_at: key.expiresAt,
  };
}
