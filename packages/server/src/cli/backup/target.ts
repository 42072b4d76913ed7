import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Config, startDirectory } from '../../config.ts';
import type { CliContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';

interface TargetOptions extends Pick<Config, 'dataDir'> {
  mayReplace: boolean;
  /** Of the name that a file gets in a directory. */
  extension: 'db' | 'ndjson';
}

/**
 * The file that a backup or an export goes to: the one that was named, or one with the time in its name in the named
 * directory.
 * @throws UsageError when none is named, when there is no such directory, or a file that is not to be replaced
 */
export function chooseTarget(
  { env, cwd }: CliContext,
  named: string,
  { dataDir, mayReplace, extension }: TargetOptions,
): string {
  // Of a variable that is not set. It would lead to where the command was typed.
  if (named === '') throw new UsageError('Name a file or a directory to write to.');
  const path = resolve(startDirectory(env, cwd), named);
  const target = isDirectory(path) ? join(path, `keywright-${stamp(new Date())}.${extension}`) : path;
  const directory = dirname(target);
  if (!isDirectory(directory)) throw new UsageError(`There is no directory ${directory}.`);
  const isOwn = existsSync(dataDir) && realpathSync(directory) === realpathSync(dataDir);
  if (isOwn && /^(keywright\.|control\.)/.test(basename(target)))
    throw new UsageError(`${target} belongs to the server itself: choose another name.`);
  if (existsSync(target) && !mayReplace) throw alreadyThere(target);
  return target;
}

export function alreadyThere(path: string): UsageError {
  return new UsageError(`${path} exists already: add --force to replace it.`);
}

/** A time as it can stand in the name of a file, in UTC: 20261121T043633Z. */
export function stamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '');
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
