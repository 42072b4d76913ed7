// What was asked with a project's keys, which of them are busy, and why something was refused.
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { ask, untilCounted } from './support/traffic.ts';
import { expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();
const refused = { requestId: '' };

test('a project whose keys nobody used says so', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/usage');
  await page.getByText('No request in this time').waitFor();
  await page.getByText('Nothing was refused').waitFor();
  await expectNoAxeFinding(page);
});

beforeAll(async () => {
  const issue = (name: string) =>
    at.admin.call('createKey', { params: { projectId: at.projectId }, body: { name } });
  const busy = await issue('Busy');
  const quiet = await issue('Quiet');
  Object.assign(keys, { busy: busy.key.id, quiet: quiet.key.id, secrets: [busy.secret, quiet.secret] });
});
const keys = { busy: '', quiet: '', secrets: [] as string[] };

test('sums, shares and the busiest keys, as a chart, a table and a file', async () => {
  const [busy = '', quiet = ''] = keys.secrets;
  const answers = await ask(at, [
    ...Array.from({ length: 6 }, () => ({ key: busy, ip: '203.0.113.7' })),
    { key: quiet },
    { key: busy, scopes: ['orders:write'], ip: '203.0.113.9', userAgent: 'curl/8.5.0' },
  ]);
  refused.requestId = answers.at(-1)?.requestId ?? '';
  await untilCounted(at, keys.busy, 7);
  await untilCounted(at, keys.quiet, 1);

  const { page, go } = await visit(at.url, { as: ada });
  await go('/usage');
  const chart = page.getByRole('region', { name: 'Requests', exact: true });
  await chart.locator('[data-total=all]').getByText('8', { exact: true }).waitFor();
  await chart.locator('[data-total=accepted]').getByText('87.5%').waitFor();
  await chart.locator('[data-total=refused]').getByText('12.5%').waitFor();
  await chart.locator('svg.recharts-surface').first().waitFor();

  const busiest = page.getByRole('region', { name: 'Busiest keys' });
  const rows = busiest.getByRole('row');
  expect((await rows.nth(1).innerText()).split(/\s+/)).toStrictEqual(
    expect.arrayContaining(['Busy', '6', '1']),
  );
  expect(await rows.nth(2).innerText()).toContain('Quiet');

  await chart.getByRole('button', { name: 'Show as table' }).click();
  await chart.getByRole('table').waitFor();
  const download = page.waitForEvent('download');
  await chart.getByRole('button', { name: 'CSV' }).click();
  const lines = (await text(await (await download).createReadStream())).trim().split('\r\n');
  expect(lines[0]).toBe('at,valid,insufficient_scope');
  expect(lines).toHaveLength(25);
  expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00.000Z,/);
});

test('why a request was refused, by its id and from the list', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^404 GET \/v1\/projects\/[^/]+\/refusals\//);
  await go('/usage');
  const why = page.getByRole('region', { name: 'Why was I refused?' });
  await why.getByLabel('Request id', { exact: true }).fill(refused.requestId);
  await why.getByRole('button', { name: 'Explain' }).click();
  const explanation = why.getByTestId('refusal');
  await explanation.getByText('Scope missing').waitFor();
  await explanation.getByText(/lacked the scope orders:write\. Give the key what it lacks/).waitFor();
  await explanation.getByText('the verification API').waitFor();
  await explanation.getByText('203.0.113.9').waitFor();
  await explanation.getByRole('link', { name: 'Busy' }).waitFor();
  await page.reload();
  await explanation.getByText('Scope missing').waitFor();
  await why.getByLabel('Request id', { exact: true }).fill('nothing-of-the-kind');
  await why.getByRole('button', { name: 'Explain' }).click();
  await why.getByText(/^No refusal with this id is known here/).waitFor();

  const list = page.getByRole('region', { name: 'Latest refusals' });
  await list.getByText('Scope missing').filter({ visible: true }).first().waitFor();
  await list.getByLabel('Reason').selectOption('Expired');
  await page.waitForURL(/code=expired/);
  await list.getByText('nothing was refused for this reason').waitFor();
});

test('a failure says what to do, and trying again helps', async () => {
  const { page, go, expectFailure, context } = await visit(at.url, { as: ada });
  expectFailure(/\/v1\/projects\/[^/]+\/usage$/);
  let isDown = true;
  await context.route(/\/v1\/projects\/[^/]+\/usage\?(?!.*keyIds)/, (route) =>
    isDown ? route.fulfill({ status: 500, json: null }) : route.continue(),
  );
  await go('/usage');
  const chart = page.getByRole('region', { name: 'Requests', exact: true });
  await chart.getByText('The usage could not be loaded').waitFor();
  isDown = false;
  await chart.getByRole('button', { name: 'Try again' }).click();
  await chart.locator('[data-total=all]').waitFor();
});

test('a key that is refused again and again stands among the busiest, and one that nobody asked for does not', async () => {
  const params = { projectId: at.projectId };
  const { key, secret } = await at.admin.call('createKey', { params, body: { name: 'Hammers on' } });
  await at.admin.call('createKey', { params, body: { name: 'Never asked for' } });
  await at.admin.call('revokeKey', { params: { keyId: key.id } });
  await ask(
    at,
    Array.from({ length: 30 }, () => ({ key: secret })),
  );
  await untilCounted(at, key.id, 30);
  const { page, go } = await visit(at.url, { as: ada });
  await go('/usage');
  const busiest = page.getByRole('region', { name: 'Busiest keys' });
  await busiest.getByText('1–3 of 3').waitFor();
  expect(await busiest.getByRole('rowheader').allTextContents()).toStrictEqual([
    'Hammers on',
    'Busy',
    'Quiet',
  ]);

  // It is found among more keys than one answer lists, and the page says at which it looked.
  for (let number = 1; number <= 110; number++) {
    const made = await at.admin.call('createKey', { params, body: { name: `Crowd ${number}` } });
    if (number <= 100) await at.admin.call('verify', { body: { key: made.secret } });
  }
  await expect
    .poll(
      async () =>
        (await at.admin.call('listKeys', { params, query: { sort: '-lastUsedAt' } })).items[0]?.name,
      {
        timeout: 20_000,
      },
    )
    .toBe('Crowd 100');
  await page.reload();
  await busiest.getByText(/^1–20 of 10\d$/).waitFor();
  await busiest.getByText(/Looked at: the 10\d keys/).waitFor();
  expect(await busiest.getByRole('rowheader').first().textContent()).toBe('Hammers on');
  await busiest.getByRole('button', { name: 'Next' }).click();
  await busiest.getByText(/^21–40 of 10\d$/).waitFor();
});

test.each(['light', 'dark'] as const)('axe finds nothing, and all fits, in the %s theme', async (theme) => {
  const wide = await visit(at.url, { as: ada, theme });
  const narrow = await visit(at.url, { as: ada, theme, width: 360, height: 720 });
  for (const search of ['', `?range=week&view=table&request=${refused.requestId}`]) {
    for (const { page, go } of [wide, narrow]) {
      await go(`/usage${search}`);
      await page.locator('[data-total=all]').waitFor();
      await page.waitForLoadState('networkidle');
      await expectNoAxeFinding(page);
      await expectToFit(page);
    }
  }
});

test('a member reads of the own keys only, and nothing is said of those of others', async () => {
  const member = await addPerson(at, at.projectId, 'Mia', 'member');
  const channel = await at.admin.call('createChannel', {
    params: { projectId: at.projectId },
    body: { slug: 'mias', name: 'Mias' },
  });
  const { page, go, expectFailure } = await visit(at.url, { as: member });
  expectFailure(/^404 GET .*\/refusals\/req_A/);
  await go('/usage?request=req_AAAAAAAAAAAAAAAAAAAA');
  await page.getByText(/^Nobody asked with a key of yours\./).waitFor();
  await page.getByText('In this time nobody asked for anything with a key of yours.').waitFor();
  await page.getByText('In the last 24 hours every request with a key of yours was let through.').waitFor();
  await page.getByText(/^No refusal of your keys with this id is known here\./).waitFor();
  await go(`/channels/${channel.id}`);
  await page.getByText(/^When a request to this channel with a key of yours is refused/).waitFor();
});
