import type { Command } from 'commander';
import type { Flags } from '../config.ts';
import type { CliContext, Finish } from './context.ts';
import { runCommand } from './manage.ts';
import { addSettingOptions, storageSettings } from './read-settings.ts';
import { reapplyToDatabase } from './restore/reapply-to-database.ts';
import { type RestoreFlags, restoreFile } from './restore/restore-file.ts';
import { UsageError } from './usage-error.ts';

export function addRestoreCommand(program: Command, context: CliContext, finish: Finish): void {
  const command = program
    .command('restore [backup]')
    .description('put a backup in the place of the SQLite database, and say what it brings back to life')
    .option('--ledger <file>', 'an export of the ledger that tells of the time since the backup (may be .gz)')
    .option('--reapply', 'take away again what was taken away since the backup')
    .option('--yes', 'do not ask')
    .option('--force', 'also when it is the backup, or the ledger, of another instance')
    .option('--json', 'print JSON');
  addSettingOptions(command, storageSettings)
    .addHelpText('after', examples)
    .action(async (backup: string | undefined, flags: Flags) =>
      finish(await restore(context, backup, flags)),
    );
}

const examples = `
An older database knows nothing of what was revoked since: those keys would work again. So it is compared with the
database that is there, and with an export of the ledger if there is one, and each change that took power away is named.
With --reapply these are made again (revocations, keys switched off, deletions, old secrets ended, cuts of scopes, expiry,
addresses and limits, deleted service keys), before the backup takes the place of the database. What was rotated cannot
be: the new secret is not in the backup. Usage and quotas are as they were at the time of the backup.
All sessions end, since those that ended meanwhile would be back: everybody signs in anew.

The former database stays beside the new one. The server must be stopped. Killed half-way, it leaves the one or the other.

Without a backup, "--ledger <file> --reapply" does the same to the database as it is, on PostgreSQL too, after pg_restore.
Without an export of the ledger, "keywright admin end-sessions" does at least the last part.

Exit code: 0 done, 1 refused or failed, 2 not confirmed, or a command line that cannot be followed.

Examples:
  $ keywright restore /mnt/backups/keywright-20261121T043633Z.db
  $ keywright restore backup.db --ledger ledger.ndjson.gz --reapply --yes
  $ keywright restore --ledger ledger.ndjson --reapply`;

function restore(context: CliContext, backup: string | undefined, flags: RestoreFlags): Promise<number> {
  if (backup !== undefined) return runCommand(context, () => restoreFile(context, backup, flags));
  const { ledger } = flags;
  return runCommand(context, async () => {
    if (ledger === undefined || !flags.reapply)
      throw new UsageError('Name a backup, or an export of the ledger with --ledger <file> --reapply.');
    await reapplyToDatabase(context, { ...flags, ledger });
  });
}
