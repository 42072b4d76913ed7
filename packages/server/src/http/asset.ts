import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Hono } from 'hono';
import type { HttpEnv } from './exchange.ts';

interface Asset {
  path: string;
  type: string;
  /** Where the content comes from; asked once, when somebody wants it for the first time. */
  load(): Promise<Uint8Array> | Uint8Array;
}

/** Serves what does not change while the server runs. A browser that has it asks only whether it is still the same. */
export function registerAsset(app: Hono<HttpEnv>, { path, type, load }: Asset): void {
  let loaded: Promise<Content> | null = null;
  app.get(path, async (c) => {
    loaded ??= read(load).catch((error) => {
      loaded = null;
      throw error;
    });
    const { body, tag } = await loaded;
    const headers = { ETag: tag, 'Cache-Control': 'no-cache' };
    if (matchesTag(c.env.incoming.headers['if-none-match'], tag))
      return new Response(null, { status: 304, headers });
    return new Response(body, {
      headers: { ...headers, 'Content-Type': type, 'Content-Security-Policy': nothing },
    });
  });
}

/** For the one who opens the file by itself. */
const nothing = "default-src 'none'; frame-ancestors 'none'";

/** The content of a file beside a module. */
export function loadFile(name: string, base: string): () => Promise<Uint8Array> {
  return () => readFile(new URL(name, base));
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
