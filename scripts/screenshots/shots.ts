import { presets } from '@keywright/contract';
import type { Page } from 'playwright-core';
import type { Furnished } from './furnish.ts';

export interface Shot {
  name: string;
  path: string | ((furnished: Furnished) => string);
  signedIn?: boolean;
  /** What is done before the picture is taken. */
  act?(page: Page, furnished: Furnished): Promise<unknown>;
}

const inProject = (preset: string, path: string) => (furnished: Furnished) =>
  `${path}${path.includes('?') ? '&' : '?'}project=${furnished.projectIds[preset]}`;

/** What stands in each part of the page of a channel when it is loaded. */
const channelSights = {
  '': 'Latest refusals',
  gateway: 'What a denial says',
  proxies: 'nginx.conf',
} as const;

export const shots: readonly Shot[] = [
  { name: 'sign-in', path: '/sign-in', signedIn: false },
  {
    name: 'sign-in-wrong',
    path: '/sign-in',
    signedIn: false,
    async act(page) {
      await page.getByLabel('E-mail').fill('ada@example.com');
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'setup-used', path: '/setup', signedIn: false },
  { name: 'forgot-password', path: '/forgot-password', signedIn: false },
  { name: 'not-found', path: '/nowhere', signedIn: false },
  ...presets.map((preset) => ({ name: `apikeys-${preset}`, path: inProject(preset, '/apikeys') })),
  { name: 'apikeys-empty', path: ({ emptyProjectId }) => `/apikeys?project=${emptyProjectId}` },
  { name: 'apikeys-no-match', path: inProject('standard', '/apikeys?q=nothing+like+it') },
  { name: 'apikeys-create', path: inProject('standard', '/apikeys?dialog=create') },
  {
    name: 'apikeys-create-again',
    path: inProject('standard', '/apikeys?dialog=create'),
    async act(page) {
      const form = page.getByRole('dialog', { name: 'Create a key' });
      await form.getByLabel('Name').fill('Route planner');
      await form.getByLabel('Expires').selectOption('At the end of a day …');
      await form.getByLabel('Last day').fill('2001-01-01');
      await form.getByLabel('For', { exact: true }).selectOption('Somebody else …');
      await form.getByText('Scopes and addresses').click();
      await form.getByLabel('Scopes').fill('Routes!');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Create key' }).click();
      await form.getByRole('button', { name: 'Create key' }).click();
      await form.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'apikeys-secret',
    path: ({ emptyProjectId }) => `/apikeys?dialog=create&project=${emptyProjectId}`,
    async act(page) {
      await page
        .getByRole('dialog')
        .getByLabel('Name')
        .fill(`Payment service ${Date.now() % 1000}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
      await page.getByTestId('secret').waitFor();
    },
  },
  {
    name: 'apikeys-secret-unsaved',
    path: ({ emptyProjectId }) => `/apikeys?dialog=create&project=${emptyProjectId}`,
    async act(page) {
      await page
        .getByRole('dialog')
        .getByLabel('Name')
        .fill(`Payment service ${Date.now() % 1000}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
      await page.getByTestId('secret').waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('You have not saved it yet').waitFor();
    },
  },
  ...(['revoke', 'delete', 'rename', 'rotate', 'deactivate'] as const).map((dialog) => ({
    name: `apikeys-${dialog}`,
    path: (furnished: Furnished) =>
      `/apikeys?dialog=${dialog}&key=${furnished.keyId}&project=${furnished.projectIds.standard}`,
    act: (page: Page) => page.locator('[role=dialog], [role=alertdialog]').waitFor(),
  })),
  {
    name: 'apikeys-selected',
    path: inProject('standard', '/apikeys'),
    async act(page) {
      const boxes = page.getByRole('checkbox', { name: /^Select (?!all)/ });
      for (const index of [0, 1, 2]) await boxes.nth(index).click();
    },
  },
  {
    name: 'palette',
    path: inProject('standard', '/apikeys'),
    async act(page) {
      await page.getByRole('heading', { name: 'API Keys' }).waitFor();
      await page.keyboard.press('Control+K');
      await page.getByRole('combobox', { name: 'Go to' }).fill('re');
    },
  },
  {
    name: 'key',
    path: ({ keyId, projectIds }) => `/apikeys/${keyId}?project=${projectIds.standard}`,
  },
  { name: 'channels', path: inProject('standard', '/channels') },
  { name: 'channels-guide', path: inProject('channels', '/channels') },
  {
    name: 'channels-keys',
    path: ({ projectIds }) => `/channels?project=${projectIds.channels}`,
    act: (page) =>
      page
        .getByRole('button', { name: /API Keys/ })
        .first()
        .click(),
  },
  ...(['', 'gateway', 'proxies'] as const).map((tab) => ({
    name: `channel${tab && `-${tab}`}`,
    path: ({ channelId, projectIds }: Furnished) =>
      `/channels/${channelId}?project=${projectIds.standard}${tab && `&tab=${tab}`}`,
    act: (page: Page) => page.getByText(channelSights[tab]).first().waitFor(),
  })),
  { name: 'usage', path: inProject('standard', '/usage') },
  { name: 'activity', path: inProject('standard', '/activity') },
  { name: 'members', path: inProject('standard', '/members') },
  ...(['role', 'remove', 'takeBack'] as const).map((dialog) => ({
    name: `members-${dialog}`,
    path: ({ projectIds, personId, invitationId }: Furnished) =>
      `/members?project=${projectIds.standard}&dialog=${dialog}&member=${personId}&invitation=${invitationId}`,
  })),
  ...['', 'policy', 'wording', 'service-keys', 'instance'].map((tab) => ({
    name: `settings${tab && `-${tab}`}`,
    path: inProject('standard', `/settings${tab && `?tab=${tab}`}`),
  })),
  ...(['rotate', 'delete'] as const).map((dialog) => ({
    name: `settings-service-keys-${dialog}`,
    path: ({ projectIds, serviceKeyId }: Furnished) =>
      `/settings?tab=service-keys&project=${projectIds.standard}&dialog=${dialog}&key=${serviceKeyId}`,
  })),
  { name: 'settings-delete', path: inProject('standard', '/settings?dialog=delete-project') },
  { name: 'projects', path: '/projects' },
  { name: 'new-project', path: '/projects/new' },
  { name: 'accounts', path: '/accounts' },
  ...(['make-admin', 'reset-link', 'erase'] as const).map((dialog) => ({
    name: `accounts-${dialog}`,
    path: ({ personId }: Furnished) => `/accounts?dialog=${dialog}&account=${personId}`,
  })),
  { name: 'account', path: '/account' },
  {
    name: 'account-pending',
    path: '/account',
    async act(page) {
      await page.getByLabel('New e-mail address').fill('countess@example.com');
      await page.getByRole('button', { name: 'Change the address' }).click();
      await page.getByRole('button', { name: 'Keep the present address' }).scrollIntoViewIfNeeded();
    },
  },
];
