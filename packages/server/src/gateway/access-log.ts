import type { Logger } from 'pino';

/** A request that went through the gateway, or did not, when its response is done. */
export interface AccessEntry {
  requestId: string;
  ip: string;
  method: string;
  /** Slug; null: it was for none. */
  channel: string | null;
  /** Without the query, which may hold anything. */
  path: string;
  status: number;
  ms: number;
  keyId: string | null;
  /** Why it did not pass, or what went wrong behind. */
  code: string | null;
}

export type LogAccess = (entry: AccessEntry) => void;

/** One line a request. No header, query or body is in it, and what looks like a key is blotted out by the logger. */
export function createAccessLog(logger: Logger, isOn: boolean): LogAccess {
  if (!isOn || !logger.isLevelEnabled('info')) return () => {};
  return (entry) => logger.info(entry, 'gateway');
}
