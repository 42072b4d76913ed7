import { createHmac } from 'node:crypto';

const stepSeconds = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of a time step by RFC 4226 and RFC 6238: what an authenticator app shows. */
function totp(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function stepAt(ms: number): number {
  return Math.floor(ms / 1000 / stepSeconds);
}

/** RFC 4648. */
function fromBase32(text: string): Buffer {
  let [bits, value] = [0, 0];
  const bytes: number[] = [];
  for (const character of text) {
    const index = alphabet.indexOf(character);
    if (index < 0) throw new Error(`${character} is no character of base32`);
    value = (value << 5) | index;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

/** An authenticator app. It knows which of its codes were taken, since a server takes each of them once. */
export class AuthenticatorApp {
  readonly base32: string;
  readonly secret: Buffer;
  #last = 0;

  /** @param base32 as it is typed into an app */
  constructor(base32: string) {
    this.base32 = base32;
    this.secret = fromBase32(base32);
  }

  /** A code that is good and was not taken before: the current one, then the next, which a server takes too. */
  next(): string {
    const now = stepAt(Date.now());
    this.#last = Math.max(now, this.#last + 1);
    if (this.#last > now + 1) throw new Error('there are two codes at a time: take backup codes for more');
    return totp(this.secret, this.#last);
  }

  /** The code that `next` answered last. */
  last(): string {
    return totp(this.secret, this.#last);
  }

  /** One that is none of those around now. */
  wrong(): string {
    const near = [-2, -1, 0, 1, 2, 3].map((shift) => totp(this.secret, stepAt(Date.now()) + shift));
    for (let i = 0; ; i++) {
      const code = String(i).padStart(6, '0');
      if (!near.includes(code)) return code;
    }
  }
}
