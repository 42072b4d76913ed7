import { z } from 'zod';
import { invalidField } from '../domain/error.ts';
import { validate } from './validate.ts';

const noParameters = z.strictObject({});

/**
 * The query of a route, as its schema reads it; without one the route takes no parameter at all.
 * @throws validation_failed
 */
export function validateQuery(schema: z.ZodType | undefined, search: string): unknown {
  return validate(schema ?? noParameters, readQuery(search), 'query');
}

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
