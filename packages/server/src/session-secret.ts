import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { Secret } from './keys/secret-format.ts';
import { parseSecret } from './setting-values.ts';
import { StartupError } from './startup-error.ts';

const secretFile = 'keywright.secret';

/**
 * What signs the cookies of sessions: the configured secret, or on SQLite one that lies beside the database, made when it
 * is needed first. Another secret ends all sessions, and second factors cannot be opened with it.
 * @throws StartupError on PostgreSQL when none is configured: several machines need the same
 */
export function readSessionSecret({ secret, databaseUrl, dataDir }: Config): Secret {
  if (secret !== null) return secret;
  if (databaseUrl !== null) {
    throw new StartupError(
      'KEYWRIGHT_SECRET is not set. On PostgreSQL it has to be, since it signs the sessions of people who sign in: ' +
        'make one with `openssl rand -base64 32`, and keep it the same from start to start.',
    );
  }
  const path = join(dataDir, secretFile);
  return readSecretFile(path) ?? makeSecretFile(path);
}

function readSecretFile(path: string): Secret | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StartupError(`The file ${path} cannot be read: ${(error as Error).message}.`, error);
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new StartupError(`Other users of this machine may read or write ${path}: run chmod 600 ${path}.`);
  }
  const parsed = parseSecret(text);
  if ('value' in parsed) return parsed.value;
  throw new StartupError(
    `The file ${path} is damaged: its content ${parsed.fault}. Bring it back from a copy. Once removed, it is made ` +
      'anew: then everybody will have to sign in anew, and authenticator apps no longer fit.',
  );
}

/** It gets its name only when it is whole on the disk, so that a crash leaves none or a whole one. */
function makeSecretFile(path: string): Secret {
  const value = randomBytes(32).toString('base64');
  const draft = `${path}.new`;
  try {
    rmSync(draft, { force: true });
    const file = openSync(draft, 'wx', 0o600);
    try {
      fchmodSync(file, 0o600);
      writeSync(file, `${value}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(draft, path);
    rmSync(draft);
  } catch (error) {
    throw new StartupError(`The file ${path} cannot be made: ${(error as Error).message}.`, error);
  }
  return new Secret(value);
}
