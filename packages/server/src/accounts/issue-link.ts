import { randomBytes } from 'node:crypto';
import type { LinkPurpose } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import { hashSecret, Secret } from '../keys/secret-format.ts';

const tokenBytes = 32;

interface NewLink {
  accountId: string;
  purpose: LinkPurpose;
  /** The address that it confirms. */
  email: string | null;
  now: number;
  lifetimeMs: number;
}

/** What a link that was made holds, and until when it works. */
export interface IssuedLink {
  token: Secret;
  expiresAt: number;
}

/** Makes a link for an account in place of the former one for the same purpose. A part of a change. */
export async function issueLink(
  { links }: Stores,
  { accountId, purpose, email, now, lifetimeMs }: NewLink,
): Promise<IssuedLink> {
  const token = new Secret(randomBytes(tokenBytes).toString('base64url'));
  const expiresAt = now + lifetimeMs;
  await links.put({ accountId, purpose, email, createdAt: now, expiresAt }, hashSecret(token.reveal()));
  return { token, expiresAt };
}
