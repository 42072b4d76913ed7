import { type Caller, requireCommand } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';

/**
 * Ends the sessions of all accounts, sign-ins that are half done, and links for a new password or another address:
 * everybody signs in anew. For a database that was restored, in which what ended or was used since would be back.
 * @throws forbidden for all but commands of this machine
 */
export async function endAllSessions(context: Context, caller: Caller): Promise<void> {
  requireCommand(caller);
  await context.change(caller, async (stores) => {
    await stores.accounts.endAllSessions();
    await stores.links.deleteOfAll();
    const { name } = await stores.instance.find();
    const subject = { type: 'instance', id: 'instance', name } as const;
    return { value: null, entries: [{ action: 'instance.sessions_ended', projectId: null, subject }] };
  });
}
