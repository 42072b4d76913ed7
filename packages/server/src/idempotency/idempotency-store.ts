/** A request that may be sent again: who sent what where, under which key, and what it asked for. */
export interface RepeatableRequest {
  /** SHA-256 of the caller, the method, the path and the `Idempotency-Key`. */
  id: Buffer;
  /** SHA-256 of the query and the body. */
  content: Buffer;
}

/** What a request did that was made before. */
export interface KeptAnswer {
  content: Buffer;
  /** The value that its change answered, as JSON. Null when a secret was with it. */
  value: string | null;
  /** With a secret: the id of what the secret belongs to. */
  secretOf: string | null;
}

interface Claim extends RepeatableRequest {
  at: number;
  /** A request that was made at this time or before may be made anew. */
  expiredAt: number;
}

/** For changes. A row is there if and only if what the request asked for was committed with it. */
export interface IdempotencyStore {
  /**
   * Makes the request this transaction's. Answers what was kept if it was made before, and `running` when another
   * process is just making it.
   */
  claim(claim: Claim): Promise<'claimed' | 'running' | KeptAnswer>;
  keep(id: Buffer, answer: Omit<KeptAnswer, 'content'>): Promise<void>;
  /** Deletes at most `limit` of those that were made at this time or before. Answers how many. */
  forget(expiredAt: number, limit: number): Promise<number>;
}
