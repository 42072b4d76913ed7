import { expect, test } from 'vitest';
import { browser, newAddress, newPerson, post, signIn, signUp } from '../support/account.ts';
import { type Client, client, readProblem } from '../support/client.ts';
import { onOneEngine } from '../support/installation.ts';

onOneEngine((at) => {
  const from = (address: string): Client =>
    client(at.url, null, { Origin: at.url, 'X-Forwarded-For': address });

  const guess = async (page: Client, email: string) => {
    const answer = await post(page, '/sign-in/email', { email, password: 'a wrong guess' });
    return answer.status;
  };

  test('guesses at one account are slowed down wherever they come from, whether there is such an account or not', async () => {
    const ada = await signUp(at);
    for (const email of [ada.email, newPerson().email]) {
      const statuses = [];
      for (let i = 0; i < 12; i++) statuses.push(await guess(browser(at.url), email));
      expect(statuses, email).toEqual([...Array(10).fill(401), 429, 429]);
      const answer = await post(browser(at.url), '/sign-in/email', { email, password: ada.password });
      expect(readProblem(answer)).toMatchObject({ code: 'rate_limited' });
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(15);
    }
    // Who is signed in goes on.
    expect(await ada.call('getMe')).toMatchObject({ id: ada.id });
  });

  test('neither sign-in nor sign-up takes longer, or less long, for an address that has an account', async () => {
    const ada = await signUp(at);
    const rounds = 7;
    const time = async (path: string, email: string) => {
      const { name, password } = newPerson({ password: 'a wrong guess' });
      const began = performance.now();
      await post(
        browser(at.url),
        path,
        path === '/sign-in/email' ? { email, password } : { name, email, password },
      );
      return performance.now() - began;
    };
    for (const path of ['/sign-in/email', '/sign-up/email']) {
      const [known, unknown]: [number[], number[]] = [[], []];
      for (let i = 0; i < rounds; i++) {
        known.push(await time(path, ada.email));
        unknown.push(await time(path, newPerson().email));
      }
      // Hashing the password takes nearly all of it: left out in one of the two, they are far more than twice apart.
      const ratio = median(known) / median(unknown);
      expect(ratio, path).toBeGreaterThan(1 / 2);
      expect(ratio, path).toBeLessThan(2);
    }
  });

  test('the owner gets in from where they did before, while others guess', async () => {
    const ada = await signUp(at);
    const home = from(newAddress());
    const credentials = { email: ada.email, password: ada.password };
    expect((await post(home, '/sign-in/email', credentials)).status).toBe(200);
    for (let i = 0; i < 11; i++) await guess(browser(at.url), ada.email);
    expect(await guess(browser(at.url), ada.email)).toBe(429);
    expect((await post(home, '/sign-in/email', credentials)).status).toBe(200);
  });

  test('many at once are no way around it', async () => {
    const { email } = await signUp(at);
    const statuses = await Promise.all(Array.from({ length: 30 }, () => guess(browser(at.url), email)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });

  test('one network is slowed down at whichever accounts, an IPv6 network as a whole', async () => {
    const statuses = [];
    for (let i = 0; i < 32; i++) {
      statuses.push(await guess(from(`2001:db8:aaaa:bbbb:${i.toString(16)}::${i}`), newPerson().email));
    }
    expect(statuses).toEqual([...Array(30).fill(401), 429, 429]);
    expect(await guess(from('2001:db8:aaaa:bbbc::1'), newPerson().email)).toBe(401);
  });

  test('the tokens of set-up links and new accounts are counted by network too', async () => {
    const statuses = [];
    const page = from(newAddress());
    await signUp(at);
    for (let i = 0; i < 16; i++) {
      statuses.push((await post(page, '/setup', { ...newPerson(), token: 'x'.repeat(43) })).status);
      statuses.push((await post(page, '/sign-up/email', { ...newPerson(), password: 'password' })).status);
    }
    expect(statuses.slice(0, 30)).toEqual(Array(15).fill([403, 400]).flat());
    expect(statuses.slice(30)).toEqual([429, 429]);
  });

  test('a wrong password of one’s own is counted like any other', async () => {
    const ada = await signUp(at);
    const statuses = [];
    for (let i = 0; i < 6; i++) {
      statuses.push((await post(ada, '/reauthenticate', { password: 'a wrong guess' })).status);
      const change = { currentPassword: 'a wrong guess', newPassword: 'a lamp below the sea' };
      statuses.push((await post(ada, '/change-password', change)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(400), 429, 429]);
    await signIn(at.url, await signUp(at));
  });
});

onOneEngine(
  (at) => {
    test('an address that nobody believes changes nothing', async () => {
      const statuses = [];
      for (let i = 0; i < 31; i++) {
        const answer = await post(browser(at.url), '/sign-in/email', {
          email: newPerson().email,
          password: 'x',
        });
        statuses.push(answer.status);
      }
      expect(statuses).toEqual([...Array(30).fill(401), 429]);
    });
  },
  { env: { KEYWRIGHT_TRUSTED_PROXIES: undefined } },
);

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
