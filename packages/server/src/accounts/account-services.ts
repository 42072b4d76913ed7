import type { Context } from '../domain/context.ts';
import type { Identity } from './identity.ts';
import type { Throttle } from './throttle.ts';

/** What the use cases of accounts are given. */
export interface AccountServices {
  context: Context;
  identity: Identity;
  throttle: Throttle;
}
