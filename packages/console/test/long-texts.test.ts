// Names and addresses as long as they may be, without a space in them: nothing is pushed out of sight.
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole, type Person } from './support/installation.ts';
import { inviteMember } from './support/members.ts';
import { expectToFit, visit } from './support/visitor.ts';

const at = installConsole();
const long =
  'Averyverylongnamewithoutanyspacesinitatallwhichcannotbebrokenanywhereandgoesonuntilonehundred1234567';
const email = `${'m'.repeat(60)}@${'y'.repeat(60)}.${'z'.repeat(60)}.example.com`;

let member: Person;

beforeAll(async () => {
  const params = { projectId: at.projectId };
  await at.admin.call('updateProject', { params, body: { name: long } });
  member = await inviteMember(at, 'member', { name: long, email });
  const upstream = `http://127.0.0.1:9000/${'p'.repeat(80)}`;
  await at.admin.call('createChannel', { params, body: { slug: 's'.repeat(40), name: long, upstream } });
});

test.each([360, 768, 1024, 1440])('at %i pixels', async (width) => {
  const { page, go } = await visit(at.url, { as: ada, width });
  for (const path of ['/members', '/channels', '/accounts', '/settings']) {
    await go(path);
    await page.getByRole('main').getByText(long).first().waitFor();
    await expectToFit(page);
    for (const control of await page.getByRole('main').getByRole('button').all()) {
      const box = await control.boundingBox();
      if (box === null) continue;
      expect(box.x + box.width, `${path} ${await control.textContent()}`).toBeLessThan(width);
    }
  }
});

test.each([360, 1440])('in dialogs at %i pixels', async (width) => {
  const { page, go } = await visit(at.url, { as: ada, width });
  await go('/members');
  await page.getByRole('button', { name: `Settings of ${long}` }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('alertdialog', { name: `Remove ${long}?` }).waitFor();
  await expectToFit(page);
  await go('/accounts?q=mmmm');
  await page.getByRole('button', { name: `Actions for ${long}` }).click();
  await page.getByRole('menuitem', { name: 'Password reset link' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(email).waitFor();
  await expectToFit(page);
});

test('where there is nothing but a sentence', async () => {
  const { page, go } = await visit(at.url, { as: member, width: 360 });
  await go('/settings');
  await page.getByRole('heading', { name: 'Settings are for owners' }).waitFor();
  await expectToFit(page);
});
