import type { AccountServices } from '../../src/accounts/account-services.ts';
import type { Identity } from '../../src/accounts/identity.ts';
import { Throttle } from '../../src/accounts/throttle.ts';
import type { Mailer } from '../../src/mail/mailer.ts';
import { PostOffice } from '../../src/mail/post-office.ts';
import type { RunningEngine } from './running-engine.ts';

/** What the use cases of accounts are given, for those that begin no session. */
export function servicesOn(
  { context }: Pick<RunningEngine, 'context'>,
  mailer: Mailer | null = null,
): AccountServices {
  const post = new PostOffice({ mailer, publicUrl: () => 'https://keys.example', log: { warn() {} } });
  const [throttle, mailThrottle] = [new Throttle(context.clock), new Throttle(context.clock)];
  return { context, identity: {} as Identity, throttle, mailThrottle, post };
}
