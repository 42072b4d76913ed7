import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Config, Flags } from '../config.ts';
import { StartupError } from '../startup-error.ts';
import { checkDatabaseFile } from './backup/check-database-file.ts';
import { publishFile } from './backup/publish-file.ts';
import { chooseTarget } from './backup/target.ts';
import type { CliContext, Finish } from './context.ts';
import { formatHead } from './head-text.ts';
import { runCommand } from './manage.ts';
import { formatJson } from './output/json.ts';
import { createProgress } from './output/progress.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { say } from './say.ts';

export function addBackupCommand(program: Command, context: CliContext, finish: Finish): void {
  const command = program
    .command('backup <target>')
    .description('copy the SQLite database to a file or into a directory, also while the server runs')
    .option('--force', 'replace a file that is there')
    .option('--json', 'print JSON');
  addSettingOptions(command, storageSettings)
    .addHelpText('after', examples)
    .action(async (target: string, flags: BackupFlags) => finish(await backUp(context, target, flags)));
}

const examples = `
The copy holds every change that was answered before this began, and is checked. In a directory it gets a name with the
time in it.
Keep the head that it prints where nobody who can write to the backup can write too, and "keywright audit verify --head"
tells later whether the ledger in it is still the same.

Examples:
  $ keywright backup /mnt/backups
  $ keywright backup keywright.db.backup --force
  $ keywright backup /mnt/backups --json | jq -r .head >> /mnt/write-once/keywright-heads`;

interface BackupFlags extends Flags {
  force?: boolean;
  json?: boolean;
}

/** @returns the exit code */
function backUp(
  context: CliContext,
  named: string,
  { force = false, json, ...flags }: BackupFlags,
): Promise<number> {
  return runCommand(context, async () => {
    const config = readSettings(context, flags);
    if (config.databaseUrl !== null) throw new StartupError(notOnPostgres);
    const target = chooseTarget(context, named, {
      dataDir: config.dataDir,
      mayReplace: force,
      extension: 'db',
    });
    const head = formatHead(await writeBackup(context, config, { target, mayReplace: force }));
    const { size: bytes } = await stat(target);
    if (json) say(context.stdout, formatJson({ file: target, bytes, head }));
    else
      say(
        context.stdout,
        `Backed up to ${target} (${(bytes / 1024 ** 2).toFixed(1)} MiB), and checked.\nHead: ${head}`,
      );
  });
}

const notOnPostgres =
  'This is for SQLite. Back PostgreSQL up with its own tools (pg_dump, or continuous archiving), and export the ledger ' +
  'beside it ("keywright audit export"): after a pg_restore, "keywright restore --ledger <export> --reapply" takes the ' +
  'power away again that was taken since the dump.';

async function writeBackup(
  context: CliContext,
  config: Config,
  { target, mayReplace }: { target: string; mayReplace: boolean },
) {
  const installation = await context.loadInstallation();
  return publishFile(context, target, { mayReplace }, async (draft) => {
    const progress = createProgress(context.stderr, 'copied', context.env.TERM);
    await installation.copyDatabase(config.dataDir, draft, progress.show).finally(progress.clear);
    return checkDatabaseFile(installation, draft, 'The copy');
  });
}
