import type { RefusalCode } from '@keywright/contract';
import type { SecretHash } from '../keys/secret-format.ts';

export type UsageCode = 'valid' | RefusalCode;

/** Minutes are kept for a week, then hours for a quarter of a year, then days for good. In milliseconds. */
export const resolutions = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * What counts are about: a secret, or one of the two sums of a project: of what was asked with its keys' current
 * secrets, and of what was asked with former ones (as they were at that time).
 */
export type UsageSubject =
  | { type: 'secret'; hash: SecretHash; keyId: string }
  | { type: 'project'; projectId: string; isFormer: boolean };

/** How often one thing was the outcome in a minute, hour or day. */
export interface UsageCount {
  subject: UsageSubject;
  /** How long the time is that is counted, in milliseconds, and when it begins. */
  resolution: number;
  at: number;
  code: UsageCode;
  count: number;
  /** When the last of them was. */
  lastAt: number;
}

/** Where requests came from. */
export interface UsageOrigin {
  ip: string | null;
  userAgent: string | null;
  lastAt: number;
  count: number;
}

export interface KeyUse {
  keyId: string;
  projectId: string;
  at: number;
  ip: string | null;
  userAgent: string | null;
}

/** What is added in one transaction. No two counts are of the same subject, time and code; no two origins are alike. */
export interface UsageAddition {
  counts: UsageCount[];
  /** One at most for each key. */
  keyUses: KeyUse[];
  origins: (UsageOrigin & { subjectId: string })[];
  serviceKeyUses: { id: string; at: number }[];
}

/** A part of the journal: what was counted and is not added up yet. */
export interface KeptAddition {
  /** Sorts by the time when it was kept, and is never used again. */
  id: string;
  addition: UsageAddition;
}

/** Beyond these, the origins that were seen longest ago are forgotten. */
export const maxOrigins = 16;

/** Whole buckets: both ends are multiples of `bucketMs`. */
export interface UsageSpan {
  from: number;
  to: number;
  bucketMs: number;
}

/** Which keys of a project: these, as far as they are not deleted, or all that an owner has or had. */
export type KeySelection =
  | { projectId: string; ownerId: string }
  | { projectId: string; ownerId?: string; keyIds: string[] };

export interface UsageSum {
  /** When its bucket begins. */
  at: number;
  isFormer: boolean;
  code: UsageCode;
  count: number;
}

interface RollUpStep {
  from: number;
  to: number;
  before: number;
}

/** Times are milliseconds since 1970. */
export interface UsageStore {
  /**
   * Says in its transaction that a batch of this node is written. Batches of a node come one after the other.
   * @returns false when this batch was written before: then nothing of it may be added again
   */
  claimBatch(node: string, batch: number, now: number): Promise<boolean>;
  /**
   * Adds to what is there. The last use of a key, or of an origin, never goes back in time, unless it lies ahead of `now`:
   * then a clock was wrong.
   */
  add(addition: UsageAddition, now: number): Promise<void>;
  /** Puts additions into the journal, which is much faster than adding them up. */
  keep(additions: readonly KeptAddition[]): Promise<void>;
  /** What is in the journal, the oldest first, behind an id. */
  kept(limit: number, after: string): Promise<KeptAddition[]>;
  /**
   * Takes additions out of the journal, for them to be added up in the same transaction.
   * @returns how many of them were there: those that were not are added up already
   */
  takeKept(ids: readonly string[]): Promise<number>;
  /**
   * Adds up the oldest rows of one resolution that begin before a moment, as rows of a coarser one.
   * @returns how many rows it took; fewer than `limit` when there are no more
   */
  rollUp(step: RollUpStep, limit: number): Promise<number>;
  /** Forgets the batches of nodes that wrote none since a moment. */
  forgetBatches(before: number): Promise<void>;
  /** The sums of each key, in the order of time. What is kept as an hour or a day is in the bucket in which that begins. */
  sumsOfKeys(keys: KeySelection, span: UsageSpan): Promise<(UsageSum & { keyId: string })[]>;
  /** The sums of all these keys together. */
  sumOfKeys(keys: KeySelection, span: UsageSpan): Promise<UsageSum[]>;
  /** The sums of a project, deleted keys included. */
  sumOfProject(projectId: string, span: UsageSpan): Promise<UsageSum[]>;
  /** Where keys were used from, the last first. */
  originsOfKeys(keys: KeySelection): Promise<UsageOrigin[]>;
  originsOfProject(projectId: string): Promise<UsageOrigin[]>;
}
