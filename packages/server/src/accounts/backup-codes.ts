import { randomBytes } from 'node:crypto';

/** How many an account is given at a time. */
const count = 10;
/** Crockford's base 32, which has none of the letters that are taken for others. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** New backup codes, as they are shown: 50 bits each. */
export function newBackupCodes(): string[] {
  return Array.from({ length: count }, () => {
    const characters = [...randomBytes(10)].map((byte) => alphabet.charAt(byte & 31)).join('');
    return `${characters.slice(0, 5)}-${characters.slice(5)}`;
  });
}

/** The code without what may differ when a person types it from paper. */
export function normalizeBackupCode(code: string): string {
  return code
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replace(/o/g, '0')
    .replace(/[il]/g, '1');
}
