import { type AuthOptions, createAuth } from '../../src/accounts/better-auth/auth.ts';
import { systemCaller } from '../../src/domain/caller.ts';
import { Secret } from '../../src/keys/secret-format.ts';
import type { RunningEngine } from './running-engine.ts';

/** The library behind signing in, set up as the program does, by http. */
export function authOn(engine: Pick<RunningEngine, 'context'>) {
  return createAuth(authOptionsOn(engine), false);
}

export function authOptionsOn({ context }: Pick<RunningEngine, 'context'>): AuthOptions {
  const silent = () => {};
  return {
    records: {
      read: context.stores.authRecords,
      write: async (run) => {
        const change = context.change(systemCaller, async ({ authRecords }) => ({
          value: await run(authRecords),
          entries: [],
        }));
        return (await change).value;
      },
    },
    secret: new Secret('what-signs-the-sessions-of-the-tests'),
    clock: context.clock,
    relyingParty: null,
    logger: { warn: silent, error: silent },
  };
}
