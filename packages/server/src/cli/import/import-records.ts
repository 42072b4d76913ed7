import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FieldError, type ImportedKey, importedKey } from '@keywright/contract';
import { describeIssue, toFieldErrors } from '../../domain/field-errors.ts';
import { type Api, type BodyOf, RefusedError, UnreachableError } from '../connection/api.ts';
import { explainKnown } from './explain-known.ts';
import type { ImportRecord } from './read-records.ts';

export interface RefusedRecord {
  place: string;
  /** Its name, if it has one: what people look for. */
  name: string | null;
  errors: FieldError[];
}

export interface ImportReport {
  total: number;
  imported: number;
  keyIds: string[];
  /** Left out because a key of the project has the secret, and it is good: as after an import that broke off. */
  alreadyHere: number;
  refused: RefusedRecord[];
}

export type Candidate = ImportRecord & { value: BodyOf<'importKeys'>['keys'][number] };

/** Few enough that a progress bar moves and nobody else waits long. */
const keysPerRequest = 1000;

/** What can be said of records without a server: the shape of each, and secrets that come twice. */
export function checkRecords(records: ImportRecord[]): { good: Candidate[]; refused: RefusedRecord[] } {
  const [good, refused]: [Candidate[], RefusedRecord[]] = [[], []];
  const places = new Map<string, string>();
  for (const record of records) {
    const parsed =
      record.fault === null ? importedKey.safeParse(record.value, { error: describeIssue }) : null;
    const errors = parsed === null ? [] : checkOnce(parsed.data, places, record.place);
    if (parsed?.success && errors.length === 0) good.push(record as Candidate);
    else refused.push({ ...named(record), errors: [...errors, ...explain(record, parsed)] });
  }
  return { good, refused };
}

function checkOnce(key: ImportedKey | undefined, places: Map<string, string>, place: string): FieldError[] {
  if (key === undefined) return [];
  const first = places.get(key.sha256);
  if (first !== undefined) return [{ path: 'sha256', message: `is the same as in ${first}` }];
  places.set(key.sha256, place);
  return [];
}

function explain(
  record: ImportRecord,
  parsed: ReturnType<typeof importedKey.safeParse> | null,
): FieldError[] {
  if (record.fault !== null) return [{ path: '', message: record.fault }];
  return (parsed?.error?.issues ?? []).flatMap((issue) => toFieldErrors(issue, 'field'));
}

/**
 * Imports what is good of the records, portion by portion. What the server refuses is left out, and the rest of its
 * portion tried again.
 * @param onProgress told how many the server has decided on, of how many that it is asked about
 * @throws RefusedError when the server refuses for another reason than a record, UnreachableError
 */
export async function importRecords(
  api: Api,
  projectId: string,
  records: ImportRecord[],
  onProgress: (done: number, total: number) => void,
): Promise<ImportReport> {
  const { good, refused } = checkRecords(records);
  const keyIds: string[] = [];
  let alreadyHere = 0;
  onProgress(0, good.length);
  for (let start = 0; start < good.length; start += keysPerRequest) {
    let portion = good.slice(start, start + keysPerRequest);
    while (portion.length > 0) {
      const outcome = await sendPortion(api, projectId, portion);
      if ('keyIds' in outcome) {
        keyIds.push(...outcome.keyIds);
        break;
      }
      refused.push(...outcome.refused);
      alreadyHere += outcome.alreadyHere;
      portion = outcome.rest;
    }
    onProgress(Math.min(start + keysPerRequest, good.length), good.length);
  }
  const [total, imported] = [records.length, keyIds.length];
  return { total, imported, keyIds, alreadyHere, refused: inOrder(records, refused) };
}

type Outcome = { keyIds: string[] } | { refused: RefusedRecord[]; alreadyHere: number; rest: Candidate[] };

async function sendPortion(api: Api, projectId: string, portion: Candidate[]): Promise<Outcome> {
  try {
    const body = { keys: portion.map(({ value }) => value) };
    // Sent again after a broken connection, it is taken over once.
    const headers = { 'Idempotency-Key': randomUUID() };
    return await sendPatiently(() => api.call('importKeys', { params: { projectId }, headers, body }));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const faults = faultsByIndex(error);
    if (faults.size === 0) throw error;
    const rest = portion.filter((_, index) => !faults.has(index));
    return { ...(await judge(api, projectId, portion, faults)), rest };
  }
}

/** So many at a time are asked about. */
const questionsAtOnce = 8;

/** Tells records that are here already from those that are refused. */
async function judge(
  api: Api,
  projectId: string,
  portion: Candidate[],
  faults: Map<number, FieldError[]>,
): Promise<{ refused: RefusedRecord[]; alreadyHere: number }> {
  const refused: RefusedRecord[] = [];
  const indexes = [...faults.keys()];
  const decide = async (index: number) => {
    const [record, errors = []] = [portion[index], faults.get(index)];
    if (record === undefined) return;
    // Of the hash the server says one thing only, past the checks that were made here: that it is known.
    const isKnown = errors.some(({ path }) => path === 'sha256');
    const remaining = isKnown ? await explainKnown(api, projectId, record, errors) : errors;
    if (remaining.length > 0) refused.push({ ...named(record), errors: remaining });
  };
  for (let start = 0; start < indexes.length; start += questionsAtOnce)
    await Promise.all(indexes.slice(start, start + questionsAtOnce).map(decide));
  return { refused, alreadyHere: faults.size - refused.length };
}

/** Some 15 seconds in all: a server may be started anew meanwhile. */
const maxAttempts = 5;

async function sendPatiently<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!isPassing(error) || attempt === maxAttempts) throw error;
      await sleep(500 * 2 ** attempt);
    }
  }
}

/** No answer, or one that says to come again: the first may still be running. */
function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return (
    error instanceof RefusedError && ['unavailable', 'idempotency_conflict'].includes(error.problem.code)
  );
}

/** The server counts from 0 in the portion: `keys.17.sha256`. */
function faultsByIndex({ problem }: RefusedError): Map<number, FieldError[]> {
  const faults = new Map<number, FieldError[]>();
  for (const { path, message } of problem.errors ?? []) {
    const [, index, field = ''] = /^keys\.(\d+)(?:\.(.*))?$/.exec(path) ?? [];
    if (index === undefined) continue;
    const errors = faults.get(Number(index)) ?? [];
    faults.set(Number(index), [...errors, { path: field, message }]);
  }
  return faults;
}

function named({ place, value }: ImportRecord): Pick<RefusedRecord, 'place' | 'name'> {
  const name = (value as { name?: unknown } | null | undefined)?.name;
  return { place, name: typeof name === 'string' ? name.slice(0, 100) : null };
}

function inOrder(records: ImportRecord[], refused: RefusedRecord[]): RefusedRecord[] {
  const order = new Map(records.map(({ place }, index) => [place, index]));
  return refused.sort((a, b) => (order.get(a.place) ?? 0) - (order.get(b.place) ?? 0));
}
