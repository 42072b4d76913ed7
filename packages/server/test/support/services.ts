import type { AccountServices } from '../../src/accounts/account-services.ts';
import { createSecondFactorVault } from '../../src/accounts/better-auth/vault.ts';
import type { Identity } from '../../src/accounts/identity.ts';
import { Throttle } from '../../src/accounts/throttle.ts';
import { Secret } from '../../src/keys/secret-format.ts';
import type { Mailer } from '../../src/mail/mailer.ts';
import { PostOffice } from '../../src/mail/post-office.ts';
import type { RunningEngine } from './running-engine.ts';

/** What the use cases of accounts are given, for those that begin no session. */
export function servicesOn(
  { context }: Pick<RunningEngine, 'context'>,
  mailer: Mailer | null = null,
): AccountServices {
  const post = new PostOffice({ mailer, publicUrl: () => 'https://keys.example', log: { warn() {} } });
  return {
    context,
    identity: {} as Identity,
    throttle: new Throttle(context.clock),
    codeThrottle: new Throttle(context.clock),
    mailThrottle: new Throttle(context.clock),
    challengeThrottle: new Throttle(context.clock),
    post,
    vault: createSecondFactorVault(new Secret('what-signs-the-sessions-of-the-tests')),
    passkeys: () => ({ reason: 'None is needed.' }),
  };
}
