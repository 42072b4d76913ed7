import { maxImportBytes, maxImportedKeys } from '@keywright/contract';
import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { type Api, type BodyOf, RefusedError } from '../connection/api.ts';
import type { CliContext, Finish } from '../context.ts';
import { findProject } from '../find-project.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { openLines } from '../read-lines.ts';
import { complain, say } from '../say.ts';
import { UsageError } from '../usage-error.ts';

export function addKeysImportCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('import <file>')
    .description('take over keys from elsewhere by the SHA-256 of their secrets; - reads stdin')
    .option('--project <id>', 'the project that they belong to; may be left out if there is only one');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (file: string, flags: ImportFlags) => finish(await importFile(context, file, flags)));
}

const examples = `
Each line of the file (which may be .gz) is a JSON object: "sha256" (in hex or base64) and "name", and as wanted "display",
"ownerId", "scopes", "expiresAt" and whatever else a key is created with. The secrets themselves are not needed, and do not
belong in the file. It is taken over in portions of ${maxImportedKeys} lines, each as a whole or not at all.

Examples:
  $ keywright keys import keys.ndjson --project prj_…
  $ keywright keys import - < keys.ndjson
  $ echo -n "$SECRET" | sha256sum     # the hash of one`;

interface ImportFlags extends Flags {
  project?: string;
  json?: boolean;
}

function importFile(context: CliContext, file: string, flags: ImportFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const projectId = await findProject(api, flags.project);
    const keyIds: string[] = [];
    try {
      for await (const portion of readPortions(openLines(context, file)))
        keyIds.push(...(await importPortion(api, projectId, portion)));
    } catch (error) {
      if (keyIds.length > 0)
        complain(context, `The first ${keyIds.length} lines were taken over, the rest was not.`);
      throw error;
    }
    if (keyIds.length === 0) throw new UsageError(`There is no line in ${file}.`);
    const answer = { imported: keyIds.length, keyIds };
    say(context.stdout, flags.json ? formatJson(answer) : `Took over ${keyIds.length} keys.`);
  });
}

type ImportedKeys = BodyOf<'importKeys'>['keys'];

interface Portion {
  /** The number of its first line, counted from 1. */
  firstLine: number;
  keys: ImportedKeys;
}

/** As many lines at a time as the server takes. */
async function* readPortions(lines: AsyncIterable<string>): AsyncGenerator<Portion> {
  let [number, bytes] = [0, 0];
  let portion: Portion = { firstLine: 1, keys: [] };
  for await (const line of lines) {
    const key = parseLine(line, ++number);
    const size = Buffer.byteLength(line) + 1;
    const isFull = portion.keys.length === maxImportedKeys || bytes + size > maxImportBytes - 1000;
    if (isFull) {
      yield portion;
      portion = { firstLine: number, keys: [] };
      bytes = 0;
    }
    portion.keys.push(key);
    bytes += size;
  }
  if (portion.keys.length > 0) yield portion;
}

/** Of a line only that it is JSON: what it may hold, the server says. */
function parseLine(line: string, number: number): ImportedKeys[number] {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's own message quotes the line, which may hold what should not be in it.
    throw new UsageError(`Line ${number} is no JSON.`);
  }
}

async function importPortion(api: Api, projectId: string, { keys, firstLine }: Portion): Promise<string[]> {
  try {
    return (await api.call('importKeys', { params: { projectId }, body: { keys } })).keyIds;
  } catch (error) {
    throw error instanceof RefusedError ? nameLines(error, firstLine) : error;
  }
}

/** The server counts from 0 in the portion, a person from 1 in the file. */
function nameLines({ problem }: RefusedError, firstLine: number): RefusedError {
  const errors = problem.errors?.map(({ path, message }) => {
    const [, index, field] = /^keys\.(\d+)\.?(.*)$/.exec(path) ?? [];
    if (index === undefined) return { path, message };
    return { path: `line ${Number(index) + firstLine}${field ? `, ${field}` : ''}`, message };
  });
  return new RefusedError({ ...problem, ...(errors && { errors }) });
}
