import type { Context } from '../domain/context.ts';
import type { PostOffice } from '../mail/post-office.ts';
import type { Identity } from './identity.ts';
import type { Passkeys } from './relying-party.ts';
import type { SecondFactorVault } from './second-factor-vault.ts';
import type { Throttle } from './throttle.ts';

/** What the use cases of accounts are given. */
export interface AccountServices {
  context: Context;
  identity: Identity;
  throttle: Throttle;
  /** Of letters that anybody can have sent: by who is to get them, and by where it is asked from. */
  mailThrottle: Throttle;
  post: PostOffice;
  /** Counts the codes of second factors apart: else every right password would give new guesses at them. */
  codeThrottle: Throttle;
  /** Of what a browser is asked with to sign in by a passkey: each is kept for minutes, and anybody may have one. */
  challengeThrottle: Throttle;
  vault: SecondFactorVault;
  /** Where passkeys work. */
  passkeys(): Passkeys;
}
