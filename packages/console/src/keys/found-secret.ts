const secretLength = 64;
const checksumLength = 6;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Finds a whole secret in what somebody typed or pasted: alone, or in a line of a file, a header, a command.
 * @returns the first that there is
 */
export function findSecret(text: string): string | null {
  for (const [run] of text.matchAll(/\w{64,}/g)) {
    const secret = isSecretAlone(run) ? run : cutOut(run);
    if (secret !== null) return secret;
  }
  return null;
}

/** Whether a text holds a secret or a large part of one, as when it was cut off while it was copied. */
export function holdsSecret(text: string): boolean {
  return (text.match(/[\dA-Za-z]{32,}/g) ?? []).some(isRandom) || findSecret(text) !== null;
}

/**
 * All kinds of characters, the letters at least twice each: nobody has thought it up, and it is longer than nearly all ids,
 * of which those in hex have one kind of letters. Of 50 characters of a secret one in three thousand has no digit. What is
 * left of a secret of which fewer than 32 characters are told is more than anybody can guess.
 */
function isRandom(piece: string): boolean {
  const count = (kind: RegExp) => piece.split(kind).length - 1;
  return count(/\d/) >= 1 && count(/[A-Z]/) >= 2 && count(/[a-z]/) >= 2;
}

/** 64 characters, a token's with a prefix, a pair's without. One with a typing error has no business elsewhere either. */
function isSecretAlone(run: string): boolean {
  return run.length === secretLength && /^(?:[a-z0-9]{1,9}(?:_[a-z0-9]+)?_)?[0-9A-Za-z]+$/.test(run);
}

/** Where other letters touch it, as when a field put lines together, the checksum tells where it is. */
function cutOut(run: string): string | null {
  for (let start = 0; start + secretLength <= run.length; start++) {
    const part = run.slice(start, start + secretLength);
    if (hasChecksum(part)) return part;
  }
  return null;
}

/** A secret ends in the CRC-32 of all before, in base62. */
function hasChecksum(part: string): boolean {
  const digits = [...part.slice(-checksumLength)].map((digit) => alphabet.indexOf(digit));
  if (digits.includes(-1)) return false;
  return digits.reduce((sum, digit) => sum * 62 + digit, 0) === crc32(part.slice(0, -checksumLength));
}

function crc32(text: string): number {
  let crc = -1;
  for (const letter of text) {
    crc ^= letter.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
