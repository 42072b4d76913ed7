import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import type { JsonObject, LedgerEntry, LedgerHead, StoredLedgerRow } from './entry.ts';

/** What the hashed text of a row says. Names and addresses are in it only as `private`, a salted hash. */
export interface LedgerBody {
  seq: number;
  at: number;
  actor: { type: string; id: string };
  action: string;
  project: string | null;
  subject: { type: string; id: string };
  detail: JsonObject;
  private: string | null;
}

/** What is kept apart from the chain, so that it can be erased. */
export interface PrivatePart {
  actor: string | null;
  subject: string | null;
  detail: JsonObject;
}

/** SHA-256(previous hash ‖ body). */
export function hashRow(prevHash: Uint8Array, body: string): Buffer {
  return createHash('sha256').update(prevHash).update(body, 'utf8').digest();
}

/** SHA-256(salt ‖ private JSON), in hex: what a body says of its private part. */
export function hashPrivate(salt: Uint8Array, json: string): string {
  return createHash('sha256').update(salt).update(json, 'utf8').digest('hex');
}

/** The row that follows `head` and tells of `entry`. */
export function buildRow(head: LedgerHead, entry: LedgerEntry, caller: Caller, at: number): StoredLedgerRow {
  const seq = head.seq + 1;
  const hidden = buildPrivate(entry, caller);
  const content: LedgerBody = {
    seq,
    at,
    actor: { type: caller.type, id: caller.id },
    action: entry.action,
    project: entry.projectId,
    subject: { type: entry.subject.type, id: entry.subject.id },
    detail: entry.detail ?? {},
    private: hidden && hashPrivate(hidden.salt, hidden.json),
  };
  const body = JSON.stringify(content);
  return {
    seq,
    at,
    actorType: caller.type,
    actorId: caller.id,
    action: entry.action,
    projectId: entry.projectId,
    subjectType: entry.subject.type,
    subjectId: entry.subject.id,
    body,
    prevHash: head.hash,
    hash: hashRow(head.hash, body),
    private: hidden,
  };
}

function buildPrivate(entry: LedgerEntry, caller: Caller): StoredLedgerRow['private'] {
  const part: PrivatePart = {
    actor: caller.name,
    subject: entry.subject.name,
    detail: entry.privateDetail ?? {},
  };
  if (part.actor === null && part.subject === null && Object.keys(part.detail).length === 0) return null;
  return { salt: randomBytes(16), json: JSON.stringify(part) };
}
