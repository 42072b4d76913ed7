import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../printable.ts';
import { say } from '../say.ts';
import { findAccount } from './find-account.ts';

const kinds = {
  grant: {
    description: 'make an account an administrator of the instance',
    isInstanceAdmin: true,
    outcome: 'administers the instance',
  },
  revoke: {
    description: 'make an account no administrator of the instance any more',
    isInstanceAdmin: false,
    outcome: 'does not administer the instance any more',
  },
} as const;

export function addAdministrationCommand(
  group: Command,
  kind: keyof typeof kinds,
  context: CliContext,
  finish: Finish,
): void {
  const { description, isInstanceAdmin, outcome } = kinds[kind];
  const command = group.command(`${kind} <email>`).description(description);
  addManagingOptions(command)
    .addHelpText('after', `\nExamples:\n  $ keywright admin ${kind} ada@example.com`)
    .action(async (email: string, flags: Flags & { json?: boolean }) =>
      finish(
        await manage(context, flags, async (api) => {
          const { id: accountId } = await findAccount(api, email);
          const options = { params: { accountId }, body: { isInstanceAdmin } };
          const answer = await api.call('updateAccount', options);
          const sentence = `${printable(answer.account.email)} (${answer.account.id}) ${outcome}.`;
          say(context.stdout, flags.json ? formatJson(answer) : sentence);
        }),
      ),
    );
}
