import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Hono } from 'hono';
import { assetPath } from '../own-package.ts';
import type { HttpEnv } from '../wire/exchange.ts';

interface Asset {
  path: string;
  type: string;
  /** What is at this address never changes: a browser that has it does not ask again. */
  isImmutable?: boolean;
  /** Where the content comes from; asked once, when somebody wants it for the first time. */
  load(): Promise<Uint8Array> | Uint8Array;
  /** The content as it was compressed ahead of time; null: it was not. */
  loadCompressed?(encoding: Encoding): Promise<Uint8Array> | null;
}

/** The better one first. Also the endings of the files. */
const encodings = ['br', 'gz'] as const;
type Encoding = (typeof encodings)[number];
const tokens: Readonly<Record<Encoding, string>> = { br: 'br', gz: 'gzip' };

/** Serves what does not change while the server runs. A browser that has it asks only whether it is still the same. */
export function registerAsset(app: Hono<HttpEnv>, asset: Asset): void {
  const variants = new Map<Encoding | null, Promise<Content>>();
  const loadVariant = (encoding: Encoding | null, load: Asset['load']) => {
    const loading = variants.get(encoding) ?? read(load);
    variants.set(encoding, loading);
    loading.catch(() => variants.delete(encoding));
    return loading;
  };
  app.get(asset.path, async (c) => {
    const headers: Record<string, string> = {
      'Cache-Control': asset.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(asset.loadCompressed && { Vary: 'Accept-Encoding' }),
    };
    const { encoding, load } = chooseVariant(asset, c.env.incoming.headers['accept-encoding']);
    const { body, tag } = await loadVariant(encoding, load);
    headers.ETag = tag;
    if (matchesTag(c.env.incoming.headers['if-none-match'], tag))
      return new Response(null, { status: 304, headers });
    return new Response(body, {
      headers: {
        ...headers,
        'Content-Type': asset.type,
        'Content-Security-Policy': nothing,
        ...(encoding && { 'Content-Encoding': tokens[encoding] }),
      },
    });
  });
}

/** The smallest form that the browser takes and that there is. */
function chooseVariant(
  { load, loadCompressed }: Asset,
  accepted = '',
): { encoding: Encoding | null; load: Asset['load'] } {
  const taken = accepted.split(',').map((entry) => entry.trim().toLowerCase());
  for (const encoding of encodings) {
    if (!taken.some((entry) => entry.split(';')[0] === tokens[encoding] && !/;\s*q=0(\.0*)?$/.test(entry)))
      continue;
    const compressed = loadCompressed?.(encoding) ?? null;
    if (compressed !== null) return { encoding, load: () => compressed };
  }
  return { encoding: null, load };
}

/** For the one who opens the file by itself. */
const nothing = "default-src 'none'; frame-ancestors 'none'";

/** The content of a file in this package's `assets/`. */
export function loadAsset(name: string): Asset['load'] {
  return () => readFile(assetPath(name));
}

interface Content {
  body: Uint8Array<ArrayBuffer>;
  tag: string;
}

async function read(load: Asset['load']): Promise<Content> {
  const content = await load();
  const digest = createHash('sha256').update(content).digest('base64url');
  return { body: new Uint8Array(content), tag: `"${digest.slice(0, 22)}"` };
}

function matchesTag(sent: string | undefined, tag: string): boolean {
  return (sent ?? '').split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag);
}
