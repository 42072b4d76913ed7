import { expect, test } from 'vitest';
import type { Session } from '../../src/accounts/identity.ts';
import {
  beginSecondFactor,
  turnOffSecondFactor,
  turnOnSecondFactor,
} from '../../src/accounts/second-factor.ts';
import { useCode } from '../../src/accounts/use-code.ts';
import { newId } from '../../src/domain/id.ts';
import { newAddress, newPerson } from '../support/account.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';
import { servicesOn } from '../support/services.ts';
import { AuthenticatorApp } from '../support/totp.ts';
import { untilBlocked } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const { storage } = engine;
    const services = servicesOn(engine);
    const { email, name } = newPerson();
    const account = { id: newId('account', 1), email, name };
    await storage.transaction((stores) => stores.accounts.insert({ ...account, createdAt: 1 }, 'hash'));
    const now = Date.now();
    const session: Session = {
      id: newId('session', 1),
      account,
      createdAt: now,
      expiresAt: now + 60_000,
      authenticatedAt: now,
    };
    const visit = {
      cookie: undefined,
      address: newAddress(),
      userAgent: undefined,
      isSecure: false,
      origin: 'http://localhost',
    };
    const begin = async () => new AuthenticatorApp((await beginSecondFactor(services, session)).secret);
    const holdFactor = () => hold(place, storage, 'SELECT 1 FROM auth_second_factors FOR UPDATE');
    const use = (code: string) => useCode(services, visit, account, code);
    const writers = (count: number) => (place.engine === 'sqlite' ? 1 : count);
    return { place, engine, services, session, begin, holdFactor, use, writers };
  }

  test('a code that several send at once counts once', async () => {
    const { place, engine, services, session, begin, holdFactor, use, writers } = await start();
    const app = await begin();
    const [backup = ''] = await turnOnSecondFactor(services, session, app.next());
    for (const code of [app.next(), backup]) {
      const release = await holdFactor();
      const using = [1, 2, 3, 4].map(() => use(code));
      await untilBlocked(place, writers(4));
      await release();
      expect((await Promise.all(using)).filter((isRight) => isRight)).toHaveLength(1);
    }
    await expectIntactLedger(engine);
  });

  test('different backup codes at once are each used up, and none comes back', async () => {
    const { place, services, session, begin, holdFactor, use, writers } = await start();
    const codes = await turnOnSecondFactor(services, session, (await begin()).next());
    const release = await holdFactor();
    const using = codes.slice(0, 4).map((code) => use(code));
    await untilBlocked(place, writers(4));
    await release();
    expect(await Promise.all(using)).toEqual([true, true, true, true]);
    expect(await Promise.all(codes.slice(0, 5).map((code) => use(code)))).toEqual([
      ...Array(4).fill(false),
      true,
    ]);
  });

  test('turned on twice at once, it is on once, with the backup codes that were shown', async () => {
    const { place, engine, services, session, begin, holdFactor, use, writers } = await start();
    const app = await begin();
    const code = app.next();
    const release = await holdFactor();
    const shown: string[][] = [];
    const turning = [1, 2, 3].map(async () => {
      shown.push(await turnOnSecondFactor(services, session, code));
    });
    await untilBlocked(place, writers(3));
    await release();
    expect(await tally(turning)).toEqual({ succeeded: 1, forbidden: 2 });
    expect(await use(shown[0]?.[0] ?? '')).toBe(true);
    const rows = await place.query(`SELECT 1 FROM ledger WHERE action = 'account.second_factor_on'`);
    expect(rows).toHaveLength(1);
    await expectIntactLedger(engine);
  });

  test('a secret that is begun while it is being turned on replaces nothing that is on', async () => {
    const { place, services, session, begin, holdFactor, use, writers } = await start();
    const app = await begin();
    const release = await holdFactor();
    const turning = turnOnSecondFactor(services, session, app.next());
    await untilBlocked(place);
    // Awaited from the start: it may be refused while the other is still waited for.
    const refused = expect(begin()).rejects.toMatchObject({ code: 'forbidden' });
    await untilBlocked(place, writers(2));
    await release();
    await turning;
    await refused;
    expect(await use(app.next())).toBe(true);
  });

  test('a code that is sent while it is turned off signs nobody in', async () => {
    const { place, services, session, begin, holdFactor, use, writers } = await start();
    const codes = await turnOnSecondFactor(services, session, (await begin()).next());
    const release = await holdFactor();
    const off = turnOffSecondFactor(services, session);
    await untilBlocked(place);
    const using = use(codes[0] ?? '');
    await untilBlocked(place, writers(2));
    await release();
    await off;
    expect(await using).toBe(false);
  });
});
