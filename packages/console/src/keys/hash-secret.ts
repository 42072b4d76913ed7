import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The hash by which a secret is found. Made here, so that the secret leaves this page for nowhere. */
export function hashFoundSecret(secret: string): string {
  // crypto.subtle is not there on plain HTTP.
  return bytesToHex(sha256(utf8ToBytes(secret)));
}
