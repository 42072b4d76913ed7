import type { LedgerAction, SubjectType } from '@keywright/contract';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One thing that a change did, as its use case tells it. No secret and no hash of one may be in it. */
export interface LedgerEntry {
  action: LedgerAction;
  projectId: string | null;
  subject: { type: SubjectType; id: string; name: string | null };
  /** Ids, codes, numbers and times: what stays when a person is erased. */
  detail?: JsonObject;
  /** Names, owners, addresses and free text: kept apart, so that they can be erased. */
  privateDetail?: JsonObject;
}

/** The end of the chain. */
export interface LedgerHead {
  seq: number;
  /** 32 bytes; zeros before the first row. */
  hash: Buffer;
}

/** A row as it is stored: `body` verbatim, and beside it columns for searching, which must say the same. */
export interface StoredLedgerRow {
  seq: number;
  at: number;
  actorType: string;
  actorId: string;
  action: string;
  projectId: string | null;
  subjectType: string;
  subjectId: string;
  body: string;
  prevHash: Buffer;
  hash: Buffer;
  private: { salt: Buffer; json: string } | null;
}

/** What following needs of a row. */
export interface FollowedRow {
  seq: number;
  action: string;
  projectId: string | null;
  subjectType: string;
  subjectId: string;
  hash: Buffer;
}

export const genesis: LedgerHead = Object.freeze({ seq: 0, hash: Buffer.alloc(32) });
