// Every project of an instance, for its administrators.
import { expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { inviteMember } from './support/members.ts';
import { expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

test('an administrator comes to each project, however many there are', async () => {
  for (let i = 1; i <= 24; i++) await at.admin.call('createProject', { body: { name: `Project ${i}` } });
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys?sort=name');
  await page.getByRole('button', { name: /, switch$/ }).click();
  await page.getByRole('menuitem', { name: 'All projects' }).click();
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  await page.getByText('1–20 of 25').waitFor();
  await page.getByRole('link', { name: 'Project 24', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('21–25 of 25').waitFor();
  await page.reload();
  await page.getByText('21–25 of 25').waitFor();
  await page.getByRole('link', { name: 'Project 1', exact: true }).click();
  await page.getByRole('button', { name: 'Project Project 1, switch' }).waitFor();
  await page.getByText('No key has been made yet').or(page.getByText('A key lets your program')).waitFor();
  await page.getByRole('button', { name: 'Project Project 1, switch' }).click();
  // The list is longer than the window: it stands where this one is.
  const chosen = page.getByRole('menuitem', { name: /^Project 1 / });
  await expect
    .poll(() =>
      chosen.evaluate((item) => {
        const [place, list] = [item, item.parentElement as HTMLElement].map((it) =>
          it.getBoundingClientRect(),
        );
        return (
          place !== undefined && list !== undefined && place.top >= list.top && place.bottom <= list.bottom
        );
      }),
    )
    .toBe(true);
  await page.keyboard.press('Escape');
  await page.goBack();
  await page.getByText('21–25 of 25').waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText('1–20 of 25').waitFor();

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox').fill('all proj');
  await page.getByRole('option', { name: 'All projects' }).click();
  await page.getByText('1–20 of 25').waitFor();
  await page.getByRole('link', { name: 'New project' }).click();
  await page.waitForURL(/\/projects\/new/);
  expect(page.url()).not.toContain('cursor');
});

test('an administrator comes back to the project of last time, member or not, as long as it is there', async () => {
  const { id } = await at.admin.call('createProject', { body: { name: 'Of last time' } });
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  const shown = (name: string) => page.getByRole('button', { name: `Project ${name}, switch` }).waitFor();
  await go(`/apikeys?project=${id}`);
  await shown('Of last time');
  await go('/apikeys');
  await shown('Of last time');
  await at.admin.call('deleteProject', { params: { projectId: id } });
  expectFailure(/^404 GET \/v1\/projects/);
  await go('/apikeys');
  const { name } = await at.admin.call('getProject', { params: { projectId: at.projectId } });
  await shown(name);
});

test('a page that is not there leads to the first one', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^400 GET \/v1\/projects/);
  await go('/projects?cursor=nonsense');
  await page.getByText('The projects could not be loaded').waitFor();
  await page.getByRole('button', { name: 'Go to the first page' }).click();
  await page.getByText('1–20 of 25').waitFor();
});

test('everybody else is told where their projects are', async () => {
  const grace = await inviteMember(at, 'owner', { name: 'Grace Hopper' });
  const { page, go } = await visit(at.url, { as: grace });
  await go('/projects');
  await page.getByText('This list is for administrators').waitFor();
  await page.getByRole('button', { name: /, switch$/ }).click();
  await page.getByRole('menuitem').first().waitFor();
  expect(await page.getByRole('menuitem', { name: 'All projects' }).count()).toBe(0);
});

test.each(['light', 'dark'] as const)('axe finds nothing, and all fits, in the %s theme', async (theme) => {
  await at.admin.call('createProject', { body: { name: 'WideName'.repeat(12) } });
  for (const width of [1440, 360]) {
    const { page, go } = await visit(at.url, { as: ada, theme, width });
    await go('/projects');
    await page
      .getByRole('link', { name: 'WideName'.repeat(12) })
      .first()
      .waitFor();
    await expectToFit(page);
    await expectNoAxeFinding(page);
  }
});
