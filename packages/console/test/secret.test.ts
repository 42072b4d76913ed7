// The moment of the secret: it is shown once, copied for certain, not lost by accident, and nowhere afterwards.
import { text } from 'node:stream/consumers';
import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { type VisitOptions, visit } from './support/visitor.ts';

const at = installConsole();

beforeAll(async () => {
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { policy: { maxKeysPerOwner: null } },
  });
});

async function createKey(name: string, options: VisitOptions = {}) {
  const visitor = await visit(at.url, { as: ada, ...options });
  const { page, go } = visitor;
  await go('/usage');
  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('alertdialog');
  const secret = (await dialog.getByTestId('secret').textContent()) ?? '';
  expect(secret).toMatch(/^kw_[0-9A-Za-z]{61}$/);
  return { ...visitor, dialog, secret };
}

const isGone = (page: Page) => page.getByRole('alertdialog').waitFor({ state: 'detached' });

describe('copying', () => {
  test('has the focus, and puts exactly the secret on the clipboard', async () => {
    const { page, dialog, secret, clipboard } = await createKey('Copied by keyboard');
    const copy = dialog.getByRole('button', { name: 'Copy', exact: true });
    await expect.poll(() => copy.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByText('Copied: it is on your clipboard.').waitFor();
    expect(await clipboard()).toBe(secret);
  });

  test('works on an origin that has no navigator.clipboard', async () => {
    const { port } = new URL(at.url);
    const { page, dialog, secret } = await createKey('Copied on plain HTTP', {
      origin: `http://keywright.test:${port}`,
    });
    expect(await page.evaluate(() => [isSecureContext, navigator.clipboard === undefined])).toStrictEqual([
      false,
      true,
    ]);
    const copy = dialog.getByRole('button', { name: 'Copy', exact: true });
    await copy.click();
    await dialog.getByText('Copied: it is on your clipboard.').waitFor();
    // The focus is where it was, in the dialog.
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await isGone(page);
    expect(await paste(page)).toBe(secret);
  });

  test('never claims what did not happen: then the secret is selected', async () => {
    const { page, dialog, secret } = await createKey('Not copied');
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
      document.execCommand = () => false;
    });
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByText(/press Ctrl C/).waitFor();
    expect(await dialog.getByText('Copied', { exact: true }).count()).toBe(0);
    expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(secret);
    // Nor does it then close without asking.
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.getByText('You have not saved it yet').waitFor();
    await dialog.getByRole('button', { name: 'I have saved it' }).click();
    await isGone(page);
  });
});

describe('closing before it was saved', () => {
  test.each(['Escape', '×', 'Done', 'the back button', 'a link'])('%s asks once', async (way) => {
    const { page, dialog, secret } = await createKey(`Not saved, ${way}`);
    const ways: Record<string, () => Promise<unknown>> = {
      Escape: () => page.keyboard.press('Escape'),
      '×': () => dialog.getByRole('button', { name: 'Close' }).click(),
      Done: () => dialog.getByRole('button', { name: 'Done' }).click(),
      'the back button': () => page.evaluate(() => history.back()),
      'a link': () =>
        page.evaluate(() =>
          [...document.querySelectorAll('a')].find(({ pathname }) => pathname === '/usage')?.click(),
        ),
    };
    await ways[way]?.();
    const question = dialog.getByText('You have not saved it yet');
    await question.waitFor();
    expect(await dialog.getByTestId('secret').textContent()).toBe(secret);
    await dialog.getByRole('button', { name: 'Go back and copy it' }).click();
    await question.waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByText('Copied: it is on your clipboard.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await isGone(page);
  });

  test('leaving the page asks as browsers do', async () => {
    const { page, dialog } = await createKey('Page closed');
    await dialog.getByTestId('secret').click();
    const asked = new Promise<string>((resolve) =>
      page.on('dialog', async (question) => {
        resolve(question.type());
        await question.accept();
      }),
    );
    await page.evaluate(() => location.reload()).catch(() => null);
    expect(await asked).toBe('beforeunload');
  });
});

test('the .env file is one that can be used', async () => {
  const { page, dialog, secret } = await createKey('Downloaded\u00a0"key"');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download .env' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('api-key.env');
  const lines = (await text(await file.createReadStream())).trimEnd().split('\n');
  expect(lines).toStrictEqual([expect.stringMatching(/^# Downloaded/), `ADA_S_PROJECT_API_KEY=${secret}`]);
  // It is saved: closing asks nothing.
  await dialog.getByRole('button', { name: 'Done' }).click();
  await isGone(page);
});

test('its first request is shown when it comes', async () => {
  const { dialog, secret } = await createKey('Alive');
  const proof = dialog.getByTestId('proof-of-life');
  await proof.getByText(/Waiting for its first request/).waitFor();
  await at.admin.call('verify', { body: { key: secret, ip: '203.0.113.7', userAgent: 'curl/8.5.0' } });
  await proof.getByText('It works: the first request came.').waitFor();
  await proof.getByText(/203\.0\.113\.7 · curl\/8\.5\.0/).waitFor();
});

test('after closing it is nowhere in the browser', async () => {
  const { page, context, dialog, secret } = await createKey('Forgotten');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByText('Copied: it is on your clipboard.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await isGone(page);
  await page.getByRole('link', { name: 'Forgotten' }).waitFor();

  expect(await page.content()).not.toContain(secret);
  expect(page.url()).not.toContain(secret);
  expect(
    await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie]),
    ),
  ).not.toContain(secret);
  expect(
    await page.evaluate(async () => (await indexedDB.databases()).length + (await caches.keys()).length),
  ).toBe(0);
  // Every object of the page, caches of queries and of React among them, is in a snapshot of its memory.
  await page.getByRole('button', { name: 'Settings of Forgotten' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Usage' }).click();
  await page.waitForURL('**/usage**');
  const memory = await takeHeapSnapshot(await context.newCDPSession(page));
  expect(memory).toContain('keywright.project');
  expect(memory).not.toContain(secret);
  for (const { pathname } of await visitedAddresses(page)) expect(pathname).not.toContain(secret);
});

test('a secret pasted into the search is looked up by its hash, and gets into no address and no request', async () => {
  const { page, dialog, secret } = await createKey('Found on a pastebin');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await isGone(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.url()} ${request.postData() ?? ''}`));
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Control+V');
  const found = page.getByRole('dialog', { name: 'A secret was pasted' });
  await found.getByText('Found on a pastebin').waitFor();
  await found.getByText('the present one').waitFor();
  expect(await page.getByRole('searchbox', { includeHidden: true }).inputValue()).toBe('');
  expect(page.url()).not.toContain(secret);
  expect(requests.join('\n')).toContain('/v1/keys/identify');
  expect(requests.join('\n')).not.toContain(secret);
});

/** The secret of a new key, and all that its page asks for and where it was from then on. */
async function watchFor(name: string) {
  const { key, secret } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name },
  });
  const visitor = await visit(at.url, { as: ada });
  const { page } = visitor;
  const told: string[] = [];
  page.on('request', (request) => told.push(`${request.url()} ${request.postData() ?? ''}`));
  const expectKept = async () => {
    // Longer than any field waits before it asks.
    await page.waitForTimeout(1000);
    const visited = (await visitedAddresses(page)).map(String);
    expect([...told, ...visited, page.url()].join('\n')).not.toContain(secret);
  };
  return { ...visitor, key, secret, told, expectKept };
}

test.each([
  ['a line of a file', (secret: string) => `ACME_KEY=${secret}`],
  ['a header', (secret: string) => `Authorization: Bearer ${secret}`],
  ['a command', (secret: string) => `curl -H "X-Key: ${secret}" https://api.example.com`],
])(
  'a secret in %s that is pasted into the search is identified, and leaves the page for nowhere',
  async (_, write) => {
    const { page, go, secret, told, expectKept } = await watchFor(`Pasted ${crypto.randomUUID()}`);
    await go('/apikeys');
    const field = page.getByRole('searchbox');
    await field.fill(write(secret));
    await page.getByRole('dialog', { name: 'A secret was pasted' }).getByText('the present one').waitFor();
    await expectKept();
    expect(told.join('\n')).toContain('/v1/keys/identify');
  },
);

test.each([
  { path: '/activity', role: 'searchbox', label: 'About (an id)' },
  { path: '/usage', role: 'textbox', label: 'Request id' },
  { path: '/accounts', role: 'searchbox', label: 'Search accounts' },
] as const)(
  'a secret that is typed into "$label" of $path stays there, and the field says so',
  async ({ path, label }) => {
    const { page, go, secret, expectKept } = await watchFor(`Typed ${crypto.randomUUID()}`);
    await go(path);
    const field = page.getByLabel(label);
    await field.fill(`KEY=${secret}`);
    await page
      .getByRole('alert')
      .getByText('That is a secret, or a large part of one, so it was not looked for')
      .waitFor();
    await field.press('Enter');
    await field.blur();
    expect(await field.inputValue()).toBe('');
    await expectKept();
    // Anything else is looked for, and the sentence is gone.
    await field.fill('something else');
    await page
      .getByText('That is a secret, or a large part of one, so it was not looked for')
      .waitFor({ state: 'detached' });
  },
);

test('a secret that is typed into the palette is not looked for', async () => {
  const { page, go, secret, expectKept } = await watchFor('Typed into the palette');
  await go('/apikeys');
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
  await page.keyboard.press('Control+K');
  await page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox').fill(`Bearer ${secret}`);
  await page.getByText('That is a secret, or a large part of one, so it was not looked for').waitFor();
  await expectKept();
});

async function paste(page: Page): Promise<string> {
  await page.evaluate(() => {
    const field = document.createElement('textarea');
    field.id = 'paste-here';
    document.body.append(field);
    field.focus();
  });
  await page.keyboard.press('Control+V');
  return page.locator('#paste-here').inputValue();
}

async function takeHeapSnapshot(session: CDPSession): Promise<string> {
  let snapshot = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    snapshot += chunk;
  });
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  return snapshot;
}

async function visitedAddresses(page: Page): Promise<URL[]> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  return entries.map(({ url }) => new URL(url));
}
