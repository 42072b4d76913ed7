import { secretHashBytes, secretHashFromHex } from '../keys/secret-format.ts';
import type { UsageAddition, UsageCount, UsageSubject } from '../usage/usage-store.ts';

/** A hash is hex here: PostgreSQL does not take every text that holds bytes. */
type SubjectText =
  | { type: 'secret'; hash: string; keyId: string }
  | Extract<UsageSubject, { type: 'project' }>;
type AdditionText = Omit<UsageAddition, 'counts'> & {
  counts: (Omit<UsageCount, 'subject'> & { subject: SubjectText })[];
};

/**
 * An addition as the journal holds it, in JSON. That outlives the program that wrote it: a change of its shape needs a
 * migration.
 */
export function toJournal({ counts, ...others }: UsageAddition): string {
  const text: AdditionText = {
    ...others,
    counts: counts.map(({ subject, ...count }) => ({ ...count, subject: toText(subject) })),
  };
  return JSON.stringify(text);
}

export function fromJournal(json: string): UsageAddition {
  const { counts, ...others } = JSON.parse(json) as AdditionText;
  return {
    ...others,
    counts: counts.map(({ subject, ...count }) => ({ ...count, subject: fromText(subject) })),
  };
}

function toText(subject: UsageSubject): SubjectText {
  if (subject.type === 'project') return subject;
  return { ...subject, hash: secretHashBytes(subject.hash).toString('hex') };
}

function fromText(subject: SubjectText): UsageSubject {
  return subject.type === 'project' ? subject : { ...subject, hash: secretHashFromHex(subject.hash) };
}
