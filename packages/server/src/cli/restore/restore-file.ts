import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, type Flags, startDirectory } from '../../config.ts';
import { scanLedger } from '../../ledger/export-ledger.ts';
import { StartupError } from '../../startup-error.ts';
import { checkDatabaseFile } from '../backup/check-database-file.ts';
import { stamp } from '../backup/target.ts';
import { startWhenFree, withOwnServer } from '../connection/connect.ts';
import type { CliContext, Installation } from '../context.ts';
import { formatHead } from '../head-text.ts';
import { atInterruption } from '../interruption.ts';
import { readSettings } from '../read-settings.ts';
import { UsageError } from '../usage-error.ts';
import { type Assessment, assess } from './assess.ts';
import { openExport, openPresent } from './ledger-source.ts';
import { reapply } from './reapply.ts';
import { reportOutcome, weigh } from './report.ts';

export interface RestoreFlags extends Flags {
  ledger?: string;
  reapply?: boolean;
  yes?: boolean;
  force?: boolean;
  json?: boolean;
}

/**
 * Puts a backup in the place of the database of the data directory. Whatever is done to it is done to a copy, also what
 * is taken away again; the last thing is that the copy takes the name of the database. So no server is ever started on
 * a database in which what was revoked works again, unless its operator wants that.
 */
export async function restoreFile(context: CliContext, named: string, flags: RestoreFlags): Promise<void> {
  const config = readSettings(context, flags);
  if (config.databaseUrl !== null) throw new StartupError(notOnPostgres);
  const backup = resolve(startDirectory(context.env, context.cwd), named);
  if (!existsSync(backup)) throw new UsageError(`There is no file ${backup}.`);
  const installation = await context.loadInstallation();
  const directory = await startWhenFree(config, async () => installation.claimDataDirectory(config.dataDir));
  // A copy of the database would stay there until the next restore.
  atInterruption(context, directory.release);
  try {
    const question = installation.hasDatabase(config) ? 'Replace the present database?' : null;
    const stage = directory.stage(backup);
    const staged = join(stage, databaseName);
    const check = async () => formatHead(await checkDatabaseFile(installation, staged, 'The backup'));
    let head = await check();
    const assessment = await compare(context, { installation, config, staged, ledger: flags.ledger });
    await weigh(context, assessment, { ...flags, question });
    const { losses, missing } = assessment;
    const again = flags.reapply
      ? await withOwnServer(context, { ...config, dataDir: stage }, (api) => reapply(api, losses))
      : null;
    if (again !== null) head = await check();
    const former = directory.putInPlace(stage, `${databaseName}.before-restore-${stamp(new Date())}`);
    reportOutcome(context, { head, former, missing, losses, reapplied: again }, flags);
  } finally {
    directory.release();
  }
}

const databaseName = 'keywright.db';
const notOnPostgres =
  'This is for SQLite. Restore PostgreSQL with its own tools (pg_restore); then "keywright restore --ledger <export> ' +
  '--reapply" takes the power away again that was taken since.';

interface Compared {
  installation: Installation;
  config: Config;
  staged: string;
  ledger: string | undefined;
}

/** What the database that is there, and an export if there is one, tell of the time since the backup. */
async function compare(
  context: CliContext,
  { installation, config, staged, ledger }: Compared,
): Promise<Assessment> {
  const exported = ledger === undefined ? null : await openExport(context, ledger);
  const present = await openPresent(installation, config.dataDir);
  const file = await installation.openDatabaseFile(staged);
  try {
    const sources = [present.source, exported].filter((source) => source !== null);
    const backup = { name: 'The backup', rows: () => scanLedger(file.ledger, {}) };
    const assessment = await assess(backup, sources);
    const doubts = [present.doubt, sources.length === 0 ? nothingTells : null];
    return { ...assessment, doubts: doubts.filter((doubt) => doubt !== null) };
  } finally {
    await file.close();
    await present.close();
  }
}

const nothingTells =
  'Nothing tells what was revoked since the backup. If there is an export of the ledger, give it with --ledger.';
