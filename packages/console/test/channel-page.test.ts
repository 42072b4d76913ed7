// The page of one channel: what it is, what gateways let through to it, its configurations for proxies, its refusals.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { type Channel, fillRecipe } from '@keywright/contract';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { expectFocus, expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

let count = 0;

/** A project of its own with one channel. */
async function makeChannel(fields: Partial<Channel> = {}): Promise<Channel> {
  const { id } = await at.admin.call('createProject', { body: { name: `Project ${++count}` } });
  return at.admin.call('createChannel', {
    params: { projectId: id },
    body: { name: 'Orders', slug: `orders-${count}`, ...fields },
  });
}

async function makeKey({ projectId, id }: Channel, scopes: string[] = []): Promise<string> {
  const { secret } = await at.admin.call('createKey', {
    params: { projectId },
    body: { name: 'Checkout', channelId: id, scopes },
  });
  return secret;
}

interface Asked {
  method?: string;
  path: string;
  headers?: Record<string, string>;
}

/** Asks as a proxy would, whether a request may pass. */
async function askAsProxy({ slug }: Channel, { method = 'GET', path, headers = {} }: Asked) {
  const { status, headers: answered } = await fetch(`${at.url}/auth-request/${slug}`, {
    headers: {
      'X-Original-Method': method,
      'X-Original-URI': path,
      'X-Real-IP': '203.0.113.7',
      ...headers,
    },
  });
  return {
    status,
    code: answered.get('x-keywright-code'),
    requestId: answered.get('x-request-id') ?? '',
  };
}

const readChannel = (channelId: string) => at.admin.call('getChannel', { params: { channelId } });
const pathOf = ({ id, projectId }: Channel, search = '') =>
  `/channels/${id}?project=${projectId}${search && `&${search}`}`;
const rule = (page: Page, place: number) => page.getByTestId('rule').nth(place - 1);

describe('the page of a channel', () => {
  test('is reached from the list, the command palette and a key, and says what the channel is', async () => {
    const channel = await makeChannel({
      description: 'For partners',
      upstream: 'https://orders.internal/v2',
    });
    await makeKey(channel);
    const { page, go, clipboard } = await visit(at.url, { as: ada });
    await go(`/channels?project=${channel.projectId}`);
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
    await page.getByText('For partners').waitFor();
    await page.getByText('https://orders.internal/v2', { exact: true }).waitFor();
    await page.getByText(`${at.service.gatewayUrl}/${channel.slug}/`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy the slug' }).click();
    await expect.poll(clipboard).toBe(channel.slug);

    await page.getByRole('link', { name: '1 key' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Checkout' }).click();
    await page.getByRole('definition').getByRole('link', { name: 'Orders' }).click();
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();

    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Go to' }).fill(channel.slug.slice(0, 8));
    await page.getByRole('option', { name: /Orders/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe(`/channels/${channel.id}`);
  });

  test('changes and deletes it', async () => {
    const channel = await makeChannel();
    const { page, go } = await visit(at.url, { as: ada });
    await go(pathOf(channel));
    await page.getByRole('button', { name: 'Set the upstream' }).click();
    const form = page.getByRole('dialog', { name: 'Edit Orders' });
    await form.getByLabel('Upstream').fill('http://127.0.0.1:9100');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('http://127.0.0.1:9100', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Settings of Orders' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { name: 'No channels yet' }).waitFor();
  });

  test('says when there is none', async () => {
    const channel = await makeChannel();
    const { page, go, expectFailure } = await visit(at.url, { as: ada });
    expectFailure(/^404 GET /);
    await go(`/channels/chn_01m8c6ykfg8y28k331fdn8zaav?project=${channel.projectId}`);
    await page.getByRole('heading', { name: 'This channel is not here' }).waitFor();
    await page.getByRole('link', { name: 'All channels' }).click();
    await page.getByRole('link', { name: 'Orders', exact: true }).waitFor();
  });
});

describe('the gateway rules', () => {
  test('are saved, and hold for the next request', async () => {
    const channel = await makeChannel();
    const secret = await makeKey(channel, ['orders:read']);
    const bearer = { Authorization: `Bearer ${secret}` };
    expect(await askAsProxy(channel, { path: '/orders/1', headers: { 'X-API-Key': secret } })).toMatchObject({
      status: 200,
    });
    const { page, go } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=gateway'));
    await page.getByText('There are no rules').first().waitFor();
    for (const name of ['API key header', 'Basic']) await page.getByRole('checkbox', { name }).uncheck();
    const add = page.getByRole('button', { name: 'Add a rule' });
    await add.click();
    await rule(page, 1).getByLabel('Method').fill('get');
    await rule(page, 1).getByLabel('Path').fill('/orders/*');
    await rule(page, 1).getByLabel('Needs the scopes').fill('orders:read');
    await add.click();
    await rule(page, 2).getByLabel('Method').fill('POST');
    await rule(page, 2).getByLabel('Path').fill('/orders');
    await rule(page, 2).getByLabel('Needs the scopes').fill('orders:write, orders:read');

    // Before anything is saved, it says what a request would meet.
    const path = page.getByLabel('Path', { exact: true }).last();
    const tried = page.getByTestId('tried');
    await path.fill('/orders/17?full=1');
    expect(await tried.textContent()).toBe('Rule 1 decides, GET /orders/*: a key needs orders:read.');
    await path.fill('/customers');
    expect(await tried.textContent()).toBe('No rule fits. A key needs the scope *.');
    await page.getByRole('button', { name: 'Add * /* for any key' }).click();
    expect(await tried.textContent()).toContain('Rule 3 decides, * /*: any key that is good');
    expect(await page.getByRole('button', { name: 'Add * /* for any key' }).count()).toBe(0);
    await path.fill('/orders/%2e%2e/admin');
    expect(await tried.textContent()).toContain('It is refused with 400');
    await page.getByRole('button', { name: 'Remove rule 3' }).click();

    await page.getByRole('radio', { name: 'Let it through' }).check();
    await page.getByRole('switch', { name: 'Say why' }).click();
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByText('The gateway rules of Orders were saved.').waitFor();
    expect((await readChannel(channel.id)).gateway).toStrictEqual({
      credentials: ['bearer', 'pair'],
      scopeRules: [
        { method: 'GET', path: '/orders/*', scopes: ['orders:read'] },
        { method: 'POST', path: '/orders', scopes: ['orders:write', 'orders:read'] },
      ],
      preflight: 'pass',
      explain: false,
    });

    const statusOf = async (asked: Asked) => (await askAsProxy(channel, asked)).status;
    expect(await statusOf({ path: '/orders/1', headers: bearer })).toBe(200);
    expect(await statusOf({ path: '/orders/1', headers: { 'X-API-Key': secret } })).toBe(401);
    expect(await askAsProxy(channel, { method: 'POST', path: '/orders', headers: bearer })).toMatchObject({
      status: 401,
      code: null,
    });

    // What is there after a reload is what was saved.
    await page.reload();
    await rule(page, 2).waitFor();
    expect(await rule(page, 2).getByLabel('Needs the scopes').inputValue()).toBe('orders:write orders:read');
    expect(await page.getByRole('checkbox', { name: 'Basic' }).isChecked()).toBe(false);
    await page.getByRole('switch', { name: 'Say why' }).click();
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByText('The gateway rules of Orders were saved.').waitFor();
    expect(await askAsProxy(channel, { method: 'POST', path: '/orders', headers: bearer })).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
    });
  });

  test('say at the field what is wrong, lose nothing, and ask before they are left', async () => {
    const channel = await makeChannel();
    const { page, go, context, expectFailure } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=gateway'));
    const save = page.getByRole('button', { name: 'Save the rules' });
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await rule(page, 1).getByLabel('Method').fill('G1');
    await rule(page, 1).getByLabel('Path').fill('orders');
    await rule(page, 1).getByLabel('Needs the scopes').fill('Not A Scope');
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await save.click();
    await rule(page, 1).getByText('Must be a method in capitals').waitFor();
    await rule(page, 1).getByText('Must begin with /').waitFor();
    await rule(page, 1).getByText('Must be 1 to 64 characters').waitFor();
    await page.getByText('Tick at least one.').waitFor();
    expect(await rule(page, 1).getByLabel('Path').getAttribute('aria-invalid')).toBe('true');
    expect((await readChannel(channel.id)).gateway).toStrictEqual(channel.gateway);

    await rule(page, 1).getByLabel('Method').fill('*');
    await rule(page, 1).getByLabel('Path').fill('/orders');
    await rule(page, 1).getByLabel('Needs the scopes').fill('orders');
    await page.getByRole('checkbox', { name: 'Bearer token' }).check();
    expectFailure(/^failed: /);
    await context.setOffline(true);
    await save.click();
    await page.getByText('The gateway rules of Orders were not saved.').waitFor();
    await context.setOffline(false);
    expect(await rule(page, 1).getByLabel('Path').inputValue()).toBe('/orders');

    // Another part of the page takes nothing away; another page would.
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('region', { name: 'Latest refusals' }).waitFor();
    await page.getByRole('tab', { name: 'Gateway rules' }).click();
    expect(await rule(page, 1).getByLabel('Path').inputValue()).toBe('/orders');
    await page.getByRole('link', { name: 'All channels' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stay' }).click();
    await save.click();
    await page.getByText('The gateway rules of Orders were saved.').waitFor();
    expect((await readChannel(channel.id)).gateway).toMatchObject({
      credentials: ['bearer'],
      scopeRules: [{ method: '*', path: '/orders', scopes: ['orders'] }],
    });
  });

  test('leave what somebody else changed meanwhile', async () => {
    const channel = await makeChannel();
    const { page, go } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=gateway'));
    await page.getByRole('radio', { name: 'Let it through' }).check();
    await at.admin.call('updateChannel', {
      params: { channelId: channel.id },
      body: { gateway: { scopeRules: [{ method: '*', path: '/*', scopes: [] }] } },
    });
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await rule(page, 1).waitFor();
    expect((await readChannel(channel.id)).gateway).toMatchObject({
      scopeRules: [{ method: '*', path: '/*', scopes: [] }],
      preflight: 'pass',
    });
  });

  test('are put in order with the keyboard alone', async () => {
    const scopeRules = ['/a', '/b', '/c'].map((path) => ({ method: 'GET', path, scopes: [] }));
    const channel = await makeChannel();
    await at.admin.call('updateChannel', {
      params: { channelId: channel.id },
      body: { gateway: { scopeRules } },
    });
    const { page, go } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=gateway'));
    await page.getByRole('button', { name: 'Move rule 3 up' }).focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Move rule 2 up');
    await page.getByText('The rule is now number 2 of 3.').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    // At the top there is no further up.
    await expect.poll(focused).toBe('Move rule 1 down');
    await page.getByRole('button', { name: 'Remove rule 2' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Remove rule 2');
    await page.getByRole('button', { name: 'Add a rule' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.type('d');
    await page.keyboard.press('Enter');
    await page.getByText('The gateway rules of Orders were saved.').waitFor();
    const { gateway } = await readChannel(channel.id);
    expect(gateway.scopeRules.map(({ path }) => path)).toStrictEqual(['/c', '/b', '/d']);
    for (const _ of gateway.scopeRules)
      await page.getByRole('button', { name: 'Remove rule 1' }).press('Enter');
    await expectFocus(page, 'Add a rule');
  });

  test('are shown to members, and changed by operators', async () => {
    const channel = await makeChannel();
    const member = await addPerson(at, channel.projectId, `Linus ${count}`, 'member');
    const operator = await addPerson(at, channel.projectId, `Grace ${count}`, 'operator');
    const seen = await visit(at.url, { as: member });
    await seen.go(pathOf(channel, 'tab=gateway&dialog=edit'));
    await seen.page.getByText('Owners and operators of the project may change this.').waitFor();
    expect(await seen.page.getByRole('checkbox', { name: 'Basic' }).isDisabled()).toBe(true);
    expect(await seen.page.getByRole('button', { name: 'Save the rules' }).count()).toBe(0);
    expect(await seen.page.getByRole('dialog').count()).toBe(0);
    await seen.page.getByLabel('Path', { exact: true }).fill('/orders');
    await seen.page.getByText('any key that is good at this channel will do').waitFor();

    const run = await visit(at.url, { as: operator });
    await run.go(pathOf(channel, 'tab=gateway'));
    await run.page.getByRole('checkbox', { name: 'Basic' }).uncheck();
    await run.page.getByRole('button', { name: 'Save the rules' }).click();
    await run.page.getByText('The gateway rules of Orders were saved.').waitFor();
  });
});

describe('the configurations', () => {
  const gateways = join(import.meta.dirname, '../../../docs/gateways');
  const files: readonly [string, string][] = [
    ['nginx', 'nginx.conf'],
    ['Caddy', 'Caddyfile'],
    ['HAProxy', 'haproxy.cfg'],
    ['HAProxy', 'keywright.lua'],
    ['Traefik', 'traefik.yaml'],
    ['Envoy', 'envoy.yaml'],
    ['APISIX', 'apisix.yaml'],
    ['Kubernetes ingress-nginx', 'ingress-nginx.yaml'],
  ];

  test("are those of the documentation, with the channel's own values, to copy and to download", async () => {
    const channel = await makeChannel({ upstream: 'http://api.internal:3000' });
    const { page, go, clipboard } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=proxies'));
    const keywright = new URL(at.url).host;
    for (const [tab, file] of files) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      const text = readFileSync(join(gateways, file), 'utf8');
      const filled = fillRecipe(text, { channel: channel.slug, keywright, upstream: 'api.internal:3000' });
      await page.getByRole('button', { name: `Copy: ${file}` }).click();
      await expect.poll(clipboard, { message: file }).toBe(filled);
      if (file !== 'keywright.lua') expect(filled).toContain(channel.slug);
    }

    // The choice stands in the address.
    expect(new URL(page.url()).searchParams.get('front')).toBe('ingress-nginx');
    await page.getByRole('tab', { name: 'Caddy', exact: true }).click();
    await page.reload();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download Caddyfile' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('Caddyfile');
    const saved = await readText(await file.createReadStream());
    expect(saved).toBe(
      fillRecipe(readFileSync(join(gateways, 'Caddyfile'), 'utf8'), {
        channel: channel.slug,
        keywright,
        upstream: 'api.internal:3000',
      }),
    );
  });

  test('take other addresses and the line of the token, but nothing that is no address', async () => {
    const channel = await makeChannel();
    const { page, go } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=proxies'));
    await page.getByText('This channel has no upstream').waitFor();
    const file = page.getByRole('figure', { name: 'nginx.conf' }).locator('pre');
    await page.getByLabel('Keywright', { exact: true }).fill('keys.internal:8790');
    await page.getByLabel('Listens on').fill('8081');
    await page.getByRole('checkbox', { name: 'Keywright asks proxies for a token' }).click();
    const text = (await file.textContent()) ?? '';
    expect(text).toContain('server keys.internal:8790;');
    expect(text).toContain('listen 8081;');
    expect(text).toMatch(/^ +proxy_set_header X-Keywright-Token your-auth-token;$/m);
    await page.getByRole('textbox', { name: 'Your API' }).fill('a;return 200:80');
    await page.getByText('Must be a host and a port').waitFor();
    expect(await file.textContent()).toBe(text);
    await page.getByRole('textbox', { name: 'Your API' }).fill('api.internal:9001');
    expect(await file.textContent()).toContain('server api.internal:9001;');
    const line = page.getByRole('figure', { name: 'Then try it' }).locator('pre');
    expect(await line.textContent()).toContain('curl -i http://127.0.0.1:8081/');
  });

  test('have a line for the built-in gateway', async () => {
    const channel = await makeChannel({ upstream: 'http://api.internal:3000/v2' });
    await at.admin.call('updateChannel', {
      params: { channelId: channel.id },
      body: { gateway: { credentials: ['pair'] } },
    });
    const { page, go, clipboard } = await visit(at.url, { as: ada });
    await go(pathOf(channel, 'tab=proxies&front=built-in'));
    await page.getByText(`goes on to http://api.internal:3000/v2/`).waitFor();
    await page.getByRole('button', { name: 'Copy: Try it' }).click();
    await expect
      .poll(clipboard)
      .toBe(
        `curl -i ${at.service.gatewayUrl}/${channel.slug}/ \\\n  -H "X-Key-Id: $API_KEY_ID" \\\n  -H "X-Key-Secret: $API_KEY_SECRET"`,
      );
  });
});

test('a refusal by a gateway stands on the page of the channel, and in the list of the project', async () => {
  const channel = await makeChannel();
  const other = await at.admin.call('createChannel', {
    params: { projectId: channel.projectId },
    body: { name: 'Other', slug: `other-${count}` },
  });
  await at.admin.call('updateChannel', {
    params: { channelId: channel.id },
    body: { gateway: { scopeRules: [{ method: 'POST', path: '/orders', scopes: ['orders:write'] }] } },
  });
  const secret = await makeKey(channel, ['orders:read']);
  const { page, go } = await visit(at.url, { as: ada });
  await go(pathOf(channel));
  await page.getByText('When a request to this channel is refused, it stands here').waitFor();

  const { requestId, status } = await askAsProxy(channel, {
    method: 'POST',
    path: '/orders?customer=7',
    headers: { Authorization: `Bearer ${secret}`, 'User-Agent': 'acme-checkout/2.4' },
  });
  expect(status).toBe(403);
  const elsewhere = await askAsProxy(other, { path: '/', headers: { 'X-API-Key': 'no key' } });
  const list = page.getByRole('region', { name: 'Latest refusals' });
  const row = list.locator(`[data-request-id="${requestId}"]`);
  await expect
    .poll(async () => {
      await page.reload();
      await list
        .getByText(/1–1 of 1|stands here/)
        .first()
        .waitFor();
      return row.count();
    })
    .toBe(1);
  const line = (await row.locator('summary').textContent()) ?? '';
  for (const part of ['Scope missing', 'POST /orders', 'Checkout', 'a subrequest of a proxy', requestId])
    expect(line).toContain(part);
  await row.locator('summary').press('Enter');
  const explanation = row.getByTestId('refusal');
  for (const part of ['POST /orders', 'orders:write', '203.0.113.7', 'acme-checkout/2.4'])
    await explanation.getByText(part, { exact: true }).waitFor();
  expect(await page.content()).not.toContain(secret);
  expect(await page.content()).not.toContain('customer=7');
  await explanation.getByRole('link', { name: 'Checkout' }).waitFor();

  // From here to all of them: first those of this channel, then of any.
  await list.getByRole('link', { name: 'All refusals' }).click();
  await page.waitForURL('**/usage?**');
  await row.waitFor();
  const otherRow = list.locator(`[data-request-id="${elsewhere.requestId}"]`);
  expect(await otherRow.count()).toBe(0);
  expect(await list.getByLabel('Channel', { exact: true }).inputValue()).toBe(channel.id);
  await list.getByLabel('Channel', { exact: true }).selectOption('Any channel');
  await otherRow.waitFor();
  await row.waitFor();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  // Nothing that axe looks at changes with the width.
  test.each([1440, 768, 360])('nothing is cut off at %d pixels, and axe finds nothing', async (width) => {
    const channel = await makeChannel({ description: 'For partners', upstream: 'https://a.example.com/v1' });
    await at.admin.call('updateChannel', {
      params: { channelId: channel.id },
      body: {
        gateway: {
          scopeRules: [
            {
              method: 'GET',
              path: `/orders/${'long/'.repeat(30)}*`,
              scopes: ['orders:read', 'customers:read'],
            },
            { method: '*', path: '/orders', scopes: [] },
          ],
        },
      },
    });
    await askAsProxy(channel, { path: `/orders/${'long/'.repeat(30)}` });
    const { page, go } = await visit(at.url, { as: ada, theme, width });
    const check = async () => {
      if (width === 1440) await expectNoAxeFinding(page);
      await expectToFit(page);
    };
    const look = async (search: string, sight: string) => {
      await go(pathOf(channel, search));
      await page.getByText(sight).first().waitFor();
      await check();
    };
    await look('', 'Latest refusals');
    await look('tab=gateway', 'What a denial says');
    await page.getByRole('checkbox').first().uncheck();
    await rule(page, 1).getByLabel('Path').fill('no path');
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await rule(page, 1).getByRole('alert').waitFor();
    await check();
    page.once('dialog', (dialog) => void dialog.accept());
    await look('tab=proxies', 'nginx.conf');
    await look('tab=proxies&front=haproxy', 'keywright.lua');
    await look('tab=proxies&front=built-in', 'No proxy at all: Keywright checks each request');
  });
});
