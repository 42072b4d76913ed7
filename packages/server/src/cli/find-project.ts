import type { Api } from './connection/api.ts';
import { UsageError } from './usage-error.ts';

/** How many projects are named to a person who has to choose. */
const shownProjects = 5;

/**
 * The project that a command is about: the one that was named, or else the only one there is.
 * @throws UsageError when there are none or several
 */
export async function findProject(api: Api, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { items, page } = await api.call('listProjects', { query: { limit: shownProjects } });
  const [only, other] = items;
  if (only === undefined)
    throw new UsageError('There is no project yet: make one first (POST /v1/projects).');
  if (other === undefined) return only.id;
  const names = items.map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  const rest = page.total > items.length ? `\n  … and ${page.total - items.length} more` : '';
  throw new UsageError(`There are several projects: say which with --project <id>.\n${names}${rest}`);
}
