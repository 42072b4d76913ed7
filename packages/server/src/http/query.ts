import { invalidField } from '../domain/error.ts';

/**
 * The parameters of a query.
 * @throws validation_failed for a parameter that is there twice: which one counts would be a guess
 */
export function readQuery(search: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (query.has(name)) throw invalidField(name.slice(0, 40), 'must not be given twice');
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
