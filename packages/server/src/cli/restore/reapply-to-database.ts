import { sessionsEnded } from '../admin/end-sessions.ts';
import { withLocalServer } from '../connection/connect.ts';
import type { CliContext } from '../context.ts';
import { formatHead } from '../head-text.ts';
import { readHead } from '../open-ledger.ts';
import { readSettings } from '../read-settings.ts';
import { say } from '../say.ts';
import { assess } from './assess.ts';
import { checkSource, openExport } from './ledger-source.ts';
import { reapply } from './reapply.ts';
import { reportOutcome, weigh } from './report.ts';
import type { RestoreFlags } from './restore-file.ts';

/**
 * Takes away again what an export tells of and the database does not, and ends all sessions, of which no ledger tells:
 * after a restore by other means. It goes through the server that runs on the database, if there is one, so that nothing
 * has to be stopped for it.
 */
export async function reapplyToDatabase(
  context: CliContext,
  flags: RestoreFlags & { ledger: string },
): Promise<void> {
  const config = readSettings(context, flags);
  const exported = await openExport(context, flags.ledger);
  const { openStorageReadOnly } = await context.loadInstallation();
  const storage = await openStorageReadOnly(config);
  try {
    const { ledger } = storage.stores;
    const { source, report } = await checkSource('The database', ledger);
    if (!report.holds)
      throw new Error(`The ledger of the database does not hold: row ${report.seq} ${report.explanation}.`);
    const { losses, missing, foreign } = await assess(source, [exported]);
    const question = 'End all sessions, so that everybody signs in anew?';
    await weigh(context, { losses, missing, foreign, doubts: [] }, { ...flags, question });
    const again = await withLocalServer(context, config, async (api) => {
      // First: with a session that came back, the other changes could be undone.
      await api.call('endAllSessions');
      return reapply(api, losses);
    });
    if (!flags.json) say(context.stdout, sessionsEnded);
    const head = formatHead(await readHead(ledger));
    reportOutcome(context, { head, missing, losses, reapplied: again }, flags);
  } finally {
    await storage.close();
  }
}
