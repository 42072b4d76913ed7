import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Whether this can be a whole secret: 64 characters, a token's with a prefix, a pair's without. */
export function looksLikeSecret(text: string): boolean {
  return /^(?:[a-z0-9]{1,9}(?:_[a-z0-9]+)?_)?[0-9A-Za-z]+$/.test(text.trim()) && text.trim().length === 64;
}

/** The hash by which a secret is found. Made here, so that the secret leaves this page for nowhere. */
export function hashFoundSecret(secret: string): string {
  // crypto.subtle is not there on plain HTTP.
  return bytesToHex(sha256(utf8ToBytes(secret)));
}
