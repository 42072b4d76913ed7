import type { Command } from 'commander';
import type { Flags } from '../config.ts';
import type { CliContext, Finish } from './context.ts';
import { findProject } from './find-project.ts';
import { followCourse } from './import/course.ts';
import {
  checkRecords,
  type ImportReport,
  importRecords,
  type RefusedRecord,
} from './import/import-records.ts';
import { type ImportRecord, readRecords } from './import/read-records.ts';
import { addManagingOptions, manage, runCommand } from './manage.ts';
import { formatJson } from './output/json.ts';
import { type Column, formatTable } from './output/table.ts';
import { describeTerminal } from './output/terminal.ts';
import { say } from './say.ts';

export function addImportCommand(program: Command, context: CliContext, finish: Finish): void {
  const command = program
    .command('import <file>')
    .description('take over keys from elsewhere, by the SHA-256 of their secrets')
    .option('--project <id>', 'the project that they will belong to; may be left out if there is only one')
    .option('--dry-run', 'only check the file; limits, names and known secrets are for the server to check');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (file: string, flags: ImportFlags) => finish(await runImport(context, file, flags)));
}

const examples = `
The file is .csv (the first line names the columns), .json (an array) or .ndjson (a key a line; "-" reads this from stdin).
Each key has "sha256" (hex or base64) and "name", and as wanted display, ownerId, channelId, description, scopes, metadata,
rateLimits, quota, ipAllow, expiresAt. In CSV, scopes and ipAllow have spaces between; metadata, rateLimits and quota are JSON.
The secrets themselves are not needed, and do not belong in the file. A key that is refused does not keep the others out,
and one that is here already and active is passed over: an import that broke off is started again as it was.

Examples:
  $ keywright import keys.csv --project prj_… --dry-run
  $ keywright import keys.ndjson --json > report.json
  $ echo -n "$SECRET" | sha256sum     # the hash of one`;

interface ImportFlags extends Flags {
  project?: string;
  dryRun?: boolean;
  json?: boolean;
}

async function runImport(context: CliContext, file: string, flags: ImportFlags): Promise<number> {
  let refusedCount = 0;
  const tell = (report: ImportReport) => {
    refusedCount = report.refused.length;
    if (flags.json) say(context.stdout, formatJson({ ...report, dryRun: flags.dryRun === true }));
    else describeReport(context, report, flags.dryRun === true);
  };
  const run = flags.dryRun
    ? runCommand(context, async () => tell(checkOnly(await readRecords(context, file))))
    : importFile(context, file, flags, tell);
  return (await run) || (refusedCount > 0 ? 1 : 0);
}

function checkOnly(records: ImportRecord[]): ImportReport {
  const { refused } = checkRecords(records);
  return { total: records.length, imported: 0, keyIds: [], alreadyHere: 0, refused };
}

/** The file is read before a server is looked for: what is wrong with it is said at once. */
async function importFile(
  context: CliContext,
  file: string,
  flags: ImportFlags,
  tell: (report: ImportReport) => void,
): Promise<number> {
  let records: ImportRecord[] = [];
  const code = await runCommand(context, async () => {
    records = await readRecords(context, file);
  });
  if (code !== 0) return code;
  return manage(context, flags, async (api) => {
    const projectId = await findProject(api, flags.project);
    const course = followCourse(context, flags.json === true);
    try {
      const report = await importRecords(api, projectId, records, course.advance);
      course.end();
      tell(report);
    } catch (error) {
      course.tellFailure();
      throw error;
    }
  });
}

/** More of them are for `--json`. */
const maxShown = 50;

function describeReport(
  context: CliContext,
  { total, imported, alreadyHere, refused }: ImportReport,
  isDry: boolean,
): void {
  const good = isDry ? `${total - refused.length} of ${total} keys look right; nothing was sent.` : '';
  say(context.stdout, good || `Imported ${imported} of ${total} keys.`);
  if (alreadyHere > 0) say(context.stdout, `Already here: ${alreadyHere}`);
  if (refused.length === 0) return;
  say(context.stdout, `${isDry ? 'Not right' : 'Refused'}: ${refused.length}`);
  context.stdout.write(`${formatTable(refused.slice(0, maxShown), columns, describeTerminal(context))}\n`);
  if (refused.length > maxShown)
    say(context.stdout, `and ${refused.length - maxShown} more, which --json lists.`);
}

const columns: Column<RefusedRecord>[] = [
  { header: 'WHERE', text: ({ place }) => place },
  { header: 'NAME', text: ({ name }) => name ?? '-', mayShrink: true },
  {
    header: 'WHY',
    text: ({ errors }) => errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; '),
  },
];
