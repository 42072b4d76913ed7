import { performance } from 'node:perf_hooks';
import { fromKeyRow } from '../packages/server/src/storage/point-queries.ts';
import { type Group, RecordMap } from '../packages/server/src/verification/record-map.ts';
import {
  buildVerificationRecord,
  type VerificationRecord,
} from '../packages/server/src/verification/verification-record.ts';
import { makeUpKey } from './made-up-keys.ts';
import { type Comparison, compare } from './measure.ts';

const few = 1000;
const calls = 200_000;

/** Finding a key in memory among a great many, against finding it among a thousand, and what memory a million take. */
export async function benchMemory(rounds: number, count: number): Promise<Comparison[]> {
  const [small, large] = [fill(few), fill(count)];
  return [
    await compare(
      {
        name: `99th percentile of finding a record among ${count.toLocaleString('en')}`,
        unit: 'µs',
        againstName: `among ${few.toLocaleString('en')}`,
        goal: { atMost: 1.5 },
        ours: () => percentile(large),
        against: () => percentile(small),
      },
      rounds,
    ),
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

interface Filled {
  map: RecordMap<VerificationRecord>;
  records: VerificationRecord[];
}

function fill(count: number): Filled {
  const map = new RecordMap<VerificationRecord>(count);
  const records = Array.from({ length: count }, (_, index) => makeRecord(index, count));
  for (const record of records) map.add(record);
  return { map, records };
}

/** Of single look-ups of keys all over the map, each timed in a batch that is too small for a pause to hide in. */
function percentile({ map, records }: Filled): number {
  const batch = 10;
  const times: number[] = [];
  let at = 0;
  for (let i = 0; i < calls / batch; i++) {
    const start = performance.now();
    for (let j = 0; j < batch; j++) {
      at = (at + 7919) % records.length;
      if (map.get(records[at]?.hash as VerificationRecord['hash']) === undefined)
        throw new Error('a record is gone');
    }
    times.push(((performance.now() - start) / batch) * 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
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

/** As one that was loaded: its texts are its own, as a database driver makes them. */
function makeRecord(index: number, count: number): VerificationRecord {
  const key = makeUpKey(index, count);
  const row = {
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
  return buildVerificationRecord(fromKeyRow(row), group, null);
}
