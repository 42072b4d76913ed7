import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { hasErrorCode } from '../../error-code.ts';
import { Secret } from '../../keys/secret-format.ts';
import { StartupError } from '../../startup-error.ts';

export const controlFile = 'control.json';
/** What there is to do where it does not help. */
export const otherWay =
  'To manage a server that runs elsewhere, or as another user, set KEYWRIGHT_URL and KEYWRIGHT_SERVICE_KEY.';
/** Its token begins so. */
export const controlPrefix = 'kwc';

/**
 * How commands find the server that runs on a data directory: it leaves its address there, and a token that is good
 * for this one start. Whoever can read the directory owns the database anyway.
 */
export interface Control {
  url: string;
  token: Secret;
  pid: number;
  /** Which database the server runs on, without its password: a directory may outlive a move to another one. */
  database: string;
}

/** Leaves the file for commands to find, whole or not at all, readable for its owner only. */
export async function writeControl(dataDir: string, { token, ...rest }: Control): Promise<void> {
  const path = join(dataDir, controlFile);
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  const content = JSON.stringify({ ...rest, token: token.reveal() });
  await writeFile(draft, `${content}\n`, { flag: 'wx', mode: 0o600 });
  await rename(draft, path);
}

/** Takes the file away, unless another server has left its own there meanwhile. */
export async function removeControl(dataDir: string, token: Secret): Promise<void> {
  const left = await readControl(dataDir);
  if (left?.token.reveal() === token.reveal()) await rm(join(dataDir, controlFile), { force: true });
}

const schema = z.object({
  url: z.string().regex(/^http:\/\/(127(\.\d+){3}|\[::1\]|localhost):\d+$/),
  token: z.string(),
  pid: z.int(),
  database: z.string(),
});

/** What a server has left there; null when there is nothing that makes sense. A server that was killed leaves it too. */
export async function readControl(dataDir: string): Promise<Control | null> {
  let text: string;
  try {
    text = await readFile(join(dataDir, controlFile), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return null;
    if (!hasErrorCode(error, 'EACCES')) throw error;
    throw new StartupError(`The data directory ${dataDir} is another user's. ${otherWay}`, error);
  }
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? { ...parsed.data, token: new Secret(parsed.data.token) } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The name by which server and command know that they mean the same database. */
export function nameDatabase({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  if (databaseUrl === null) return 'sqlite';
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  return `postgres://${searchParams.get('host') ?? hostname}:${port || 5432}${pathname}`;
}
