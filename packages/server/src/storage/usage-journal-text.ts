import { secretHashBytes, secretHashFromHex } from '../keys/secret-format.ts';
import type { UsageAddition, UsageSubject } from '../usage/usage-store.ts';
import { codeNumbers, codeOfNumber } from './usage-codes.ts';

/** Of a secret its hash in hex, since PostgreSQL does not take every text that holds bytes, and its key's id. */
type SubjectText = [string, string] | [projectId: string, isFormer: boolean];

/** Lists without names: with names it would be twice as long, and take twice as long to write and to read. */
interface AdditionText {
  counts: [...SubjectText, resolution: number, at: number, code: number, count: number, lastAt: number][];
  keyUses: [keyId: string, projectId: string, at: number, ip: string | null, userAgent: string | null][];
  origins: [subjectId: string, ip: string | null, userAgent: string | null, lastAt: number, count: number][];
  serviceKeyUses: [id: string, at: number][];
}

/**
 * An addition as the journal holds it, in JSON. That outlives the program that wrote it: a change of its shape needs a
 * migration.
 */
export function toJournal({ counts, keyUses, origins, serviceKeyUses }: UsageAddition): string {
  const text: AdditionText = {
    counts: counts.map(({ subject, resolution, at, code, count, lastAt }) => {
      return [...toText(subject), resolution, at, codeNumbers[code], count, lastAt];
    }),
    keyUses: keyUses.map(({ keyId, projectId, at, ip, userAgent }) => [keyId, projectId, at, ip, userAgent]),
    origins: origins.map(({ subjectId, ip, userAgent, lastAt, count }) => {
      return [subjectId, ip, userAgent, lastAt, count];
    }),
    serviceKeyUses: serviceKeyUses.map(({ id, at }) => [id, at]),
  };
  return JSON.stringify(text);
}

export function fromJournal(json: string): UsageAddition {
  const { counts, keyUses, origins, serviceKeyUses } = JSON.parse(json) as AdditionText;
  return {
    counts: counts.map(([first, second, resolution, at, code, count, lastAt]) => {
      return { subject: fromText([first, second]), resolution, at, code: codeOfNumber(code), count, lastAt };
    }),
    keyUses: keyUses.map(([keyId, projectId, at, ip, userAgent]) => ({
      keyId,
      projectId,
      at,
      ip,
      userAgent,
    })),
    origins: origins.map(([subjectId, ip, userAgent, lastAt, count]) => {
      return { subjectId, ip, userAgent, lastAt, count };
    }),
    serviceKeyUses: serviceKeyUses.map(([id, at]) => ({ id, at })),
  };
}

function toText(subject: UsageSubject): SubjectText {
  if (subject.type === 'project') return [subject.projectId, subject.isFormer];
  return [secretHashBytes(subject.hash).toString('hex'), subject.keyId];
}

function fromText([first, second]: [string, string | boolean]): UsageSubject {
  if (typeof second === 'boolean') return { type: 'project', projectId: first, isFormer: second };
  return { type: 'secret', hash: secretHashFromHex(first), keyId: second };
}
