import type { BlockList } from 'node:net';
import type { RefusalCode } from '@keywright/contract';
import { isAddressAllowed } from './address.ts';

/** What a decision needs to know of a key. Times are milliseconds since 1970. */
export interface DecidableKey {
  status: 'active' | 'inactive' | 'revoked';
  projectId: string;
  channelId: string | null;
  /** When the secret that was presented stops working; null for the current one. */
  retiresAt: number | null;
  expiresAt: number | null;
  scopes: readonly string[];
  /** Null: from anywhere. */
  allowedAddresses: BlockList | null;
}

export interface Question {
  channel: { id: string; projectId: string } | null;
  ip: string | null;
  scopes: readonly string[];
}

/** Whether a key may pass, as the first reason that holds against it, in the contract's order. Pure. */
export function decide(key: DecidableKey, question: Question, now: number): 'valid' | RefusalCode {
  if (key.status === 'revoked' || (key.retiresAt !== null && key.retiresAt <= now)) return 'revoked';
  if (key.status === 'inactive') return 'inactive';
  if (key.expiresAt !== null && key.expiresAt <= now) return 'expired';
  if (question.channel !== null && !isGoodAt(key, question.channel)) return 'wrong_channel';
  if (
    key.allowedAddresses !== null &&
    (question.ip === null || !isAddressAllowed(key.allowedAddresses, question.ip))
  ) {
    return 'ip_denied';
  }
  for (const needed of question.scopes) if (!hasScope(key.scopes, needed)) return 'insufficient_scope';
  return 'valid';
}

/** A key bound to no channel is good at every channel of its project; a bound one at its own only. */
function isGoodAt(key: DecidableKey, channel: { id: string; projectId: string }): boolean {
  return key.projectId === channel.projectId && (key.channelId === null || key.channelId === channel.id);
}

/** A scope covers itself; one that ends in `*` covers all that begin as it does. */
function hasScope(scopes: readonly string[], needed: string): boolean {
  for (const scope of scopes) {
    if (scope === needed) return true;
    if (scope.endsWith('*') && needed.startsWith(scope.slice(0, -1))) return true;
  }
  return false;
}
