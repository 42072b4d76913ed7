import { z } from 'zod';
import { genesis, type LedgerHead, type StoredLedgerRow } from './entry.ts';
import { hashPrivate, hashRow } from './row.ts';

/**
 * Checks that nobody changed the ledger unseen. Each row is bound to the one before by its hash, so that an edited,
 * removed, added or moved row shows by itself. Two things do not: a chain that was cut off at its end, which the
 * stored head shows, and one that was computed anew from some row on, with its head, which only a head shows that
 * was kept elsewhere.
 */
export interface ChainExpectations {
  /** The head as the database keeps it. */
  storedHead?: LedgerHead;
  /** A head from an earlier time that was kept out of the reach of whoever could change the database. */
  keptHead?: LedgerHead;
}

export type ChainFault =
  | 'malformed_row'
  | 'missing_rows'
  | 'reordered_rows'
  | 'duplicated_row'
  | 'wrong_link'
  | 'wrong_hash'
  | 'unreadable_body'
  | 'wrong_column'
  | 'wrong_private_part'
  | 'added_private_part'
  | 'wrong_stored_head'
  | 'wrong_kept_head'
  | 'cut_off';

interface IntactChain {
  holds: true;
  rows: number;
  /** Rows whose private part was erased. */
  erased: number;
  head: LedgerHead;
}

interface BrokenChain {
  holds: false;
  /** The first row that does not hold. */
  seq: number;
  reason: ChainFault;
  /** What is wrong, as the end of a sentence that begins with "row <seq>". */
  explanation: string;
  /** How many rows hold before it. */
  rows: number;
}

export type ChainReport = IntactChain | BrokenChain;

/**
 * Checks all rows of a ledger in order. Never throws for what a row holds; what `rows` itself throws passes through.
 * @param rows from the first row on
 */
export async function checkChain(
  rows: AsyncIterable<StoredLedgerRow>,
  { storedHead, keptHead = genesis }: ChainExpectations,
): Promise<ChainReport> {
  let head = genesis;
  let erased = 0;
  const broken = ({ seq = head.seq + 1, ...fault }: Fault): BrokenChain => {
    return { holds: false, seq, ...fault, rows: Math.min(head.seq, seq - 1) };
  };
  const wrongStart = compareKept(genesis, keptHead);
  if (wrongStart !== null) return broken(wrongStart);

  const iterator = rows[Symbol.asyncIterator]();
  for await (const row of { [Symbol.asyncIterator]: () => iterator }) {
    const malformed = findMalformed(row);
    if (malformed !== null) return broken(malformed);
    if (row.seq > head.seq + 1) return broken(await explainGap(head.seq + 1, row.seq, iterator));
    const body = parseBody(row.body);
    const fault = findOutOfPlace(row, head) ?? findChange(row, body) ?? compareKept(row, keptHead);
    if (fault !== null) return broken(fault);
    if (row.private === null && body?.private !== null) erased++;
    head = { seq: row.seq, hash: row.hash };
  }

  const fault = (storedHead && compareStored(head, storedHead)) ?? findCutOff(head, keptHead);
  return fault === null ? { holds: true, rows: head.seq, erased, head } : broken(fault);
}

interface Fault {
  /** Where it is not the row that is looked at. */
  seq?: number;
  reason: ChainFault;
  explanation: string;
}

/** Text with lone surrogates would be hashed as if they were U+FFFD, so that one could pass for the other. */
const text = z.string().refine((value) => value.isWellFormed());
const bytes = (length: number) => z.instanceof(Uint8Array).refine((value) => value.length === length);

const wellFormedRow = z.object({
  seq: z.int().min(1),
  at: z.int(),
  actorType: text,
  actorId: text,
  action: text,
  projectId: text.nullable(),
  subjectType: text,
  subjectId: text,
  body: text,
  prevHash: bytes(32),
  hash: bytes(32),
  // The salt's length is fixed: else bytes could move between salt and JSON without a change of their hash.
  private: z.object({ salt: bytes(16), json: text }).nullable(),
});

function findMalformed(row: unknown): Fault | null {
  const parsed = wellFormedRow.safeParse(row);
  if (parsed.success) return null;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  return { reason: 'malformed_row', explanation: `is malformed${path === '' ? '' : ` in "${path}"`}` };
}

/** A row that comes too early: those before it are missing, unless the first of them still comes. */
async function explainGap(
  expected: number,
  found: number,
  rest: AsyncIterator<StoredLedgerRow>,
): Promise<Fault> {
  if (await comesLater(expected, rest)) {
    return { reason: 'reordered_rows', explanation: `stands after row ${found}` };
  }
  const others = found - 1 > expected ? `, and so are all up to row ${found - 1}` : '';
  return { reason: 'missing_rows', explanation: `is missing${others}` };
}

async function comesLater(seq: number, rest: AsyncIterator<StoredLedgerRow>): Promise<boolean> {
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      if (next.value?.seq === seq) return true;
    }
  } catch {
    // Something further on cannot even be read. The gap is the first fault all the same.
  }
  return false;
}

function findOutOfPlace(row: StoredLedgerRow, head: LedgerHead): Fault | null {
  if (row.seq <= head.seq) return { seq: row.seq, reason: 'duplicated_row', explanation: 'is there twice' };
  if (sameBytes(row.prevHash, head.hash)) return null;
  return { reason: 'wrong_link', explanation: 'does not name the hash of the row before it' };
}

function findChange(row: StoredLedgerRow, body: Body | null): Fault | null {
  if (!sameBytes(hashRow(row.prevHash, row.body), row.hash)) {
    return { reason: 'wrong_hash', explanation: 'was changed: its hash is not that of what it holds' };
  }
  if (body === null) return { reason: 'unreadable_body', explanation: 'has a body that cannot be read' };
  const column = columns.find(({ inRow, inBody }) => row[inRow] !== inBody(body));
  if (column !== undefined) {
    return { reason: 'wrong_column', explanation: `was changed: its body has another ${column.inRow}` };
  }
  return findPrivateChange(row.private, body.private);
}

const ledgerBody = z.object({
  seq: z.number(),
  at: z.number(),
  actor: z.object({ type: z.string(), id: z.string() }),
  action: z.string(),
  project: z.string().nullable(),
  subject: z.object({ type: z.string(), id: z.string() }),
  detail: z.record(z.string(), z.unknown()),
  private: z.string().nullable(),
});
type Body = z.infer<typeof ledgerBody>;

function parseBody(body: string): Body | null {
  try {
    return ledgerBody.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

/** The columns beside the body, by which rows are searched: each must say what the hashed text says. */
const columns: { inRow: keyof StoredLedgerRow; inBody(body: Body): string | number | null }[] = [
  { inRow: 'seq', inBody: (body) => body.seq },
  { inRow: 'at', inBody: (body) => body.at },
  { inRow: 'actorType', inBody: (body) => body.actor.type },
  { inRow: 'actorId', inBody: (body) => body.actor.id },
  { inRow: 'action', inBody: (body) => body.action },
  { inRow: 'projectId', inBody: (body) => body.project },
  { inRow: 'subjectType', inBody: (body) => body.subject.type },
  { inRow: 'subjectId', inBody: (body) => body.subject.id },
];

function findPrivateChange(part: StoredLedgerRow['private'], commitment: string | null): Fault | null {
  if (part === null) return null;
  if (commitment === null) {
    return { reason: 'added_private_part', explanation: 'has a private part that its body knows nothing of' };
  }
  if (hashPrivate(part.salt, part.json) === commitment) return null;
  return { reason: 'wrong_private_part', explanation: 'was changed: its private part is another' };
}

function compareKept({ seq, hash }: LedgerHead, kept: LedgerHead): Fault | null {
  if (seq !== kept.seq || sameBytes(hash, kept.hash)) return null;
  const explanation =
    seq === 0
      ? 'follows no such beginning as the kept head says: the hash of row 0 is all zeros'
      : 'has another hash than the kept head: it, or a row before it, was replaced and the chain computed anew';
  return { reason: 'wrong_kept_head', explanation };
}

function compareStored(head: LedgerHead, stored: LedgerHead): Fault | null {
  if (stored.seq > head.seq) {
    const explanation = `is missing at the end: the stored head says that there are ${stored.seq} rows`;
    return { reason: 'cut_off', explanation };
  }
  if (stored.seq === head.seq && sameBytes(stored.hash, head.hash)) return null;
  if (stored.seq < head.seq) {
    const explanation = `stands after the end: the stored head says that there are ${stored.seq} rows`;
    return { seq: stored.seq + 1, reason: 'wrong_stored_head', explanation };
  }
  const explanation = 'is the last one, and the stored head has another hash';
  return { seq: head.seq, reason: 'wrong_stored_head', explanation };
}

function findCutOff(head: LedgerHead, kept: LedgerHead): Fault | null {
  if (kept.seq <= head.seq) return null;
  return { reason: 'cut_off', explanation: `is missing at the end: the kept head was row ${kept.seq}` };
}

/** Heads come from outside as well, so that nothing is sure of their type. */
function sameBytes(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
}
