import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Any piece of this length gives a secret away: what stands before and after may have been cut or escaped. */
const pieceLength = 16;
const run = /[0-9A-Za-z_+/=-]{16,}/g;

/** Texts that must not be somewhere, to be searched for by every piece of them. */
export class Needles {
  readonly #pieces = new Set<string>();

  constructor(texts: Iterable<string>) {
    for (const text of texts) {
      for (let at = 0; at + pieceLength <= text.length; at++)
        this.#pieces.add(text.slice(at, at + pieceLength));
    }
  }

  /** The pieces that are in there, as far as they stand among characters of their own kind. */
  findIn(content: string | Buffer): string[] {
    const text = typeof content === 'string' ? content : content.toString('latin1');
    const found = new Set<string>();
    for (const [characters] of text.matchAll(run)) {
      for (let at = 0; at + pieceLength <= characters.length; at++) {
        const piece = characters.slice(at, at + pieceLength);
        if (this.#pieces.has(piece)) found.add(piece);
      }
    }
    return [...found];
  }

  /** The files below a directory that hold a piece. What vanishes meanwhile is left out. */
  filesIn(directory: string): string[] {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => this.findIn(readIfThere(path)).length > 0);
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** A secret's SHA-256 as it would stand in a text. */
export function hashesOf(secret: string): string[] {
  const digest = createHash('sha256').update(secret).digest();
  return [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')];
}
