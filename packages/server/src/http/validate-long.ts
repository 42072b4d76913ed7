import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FieldError } from '@keywright/contract';
import type { z } from 'zod';
import { DomainError } from '../domain/error.ts';
import { maxErrors } from '../domain/field-errors.ts';
import { refusal, validate } from './validate.ts';

interface LongList {
  /** The field of the body that holds the list. */
  field: string;
  max: number;
}

/** So many entries are checked at a time: some milliseconds of work, for which other requests may wait. */
const perTurn = 128;

/** No entry has a list of its own that may be longer. A schema would look at all of it before it says so. */
const maxInner = 1000;

/**
 * As `validate`, for a body that is a long list: it is checked in parts, between which the event loop turns, and no
 * further than until there are as many faults as an answer tells. What is too long is not looked into.
 * @throws validation_failed
 */
export async function validateLong(
  schema: z.ZodType,
  body: unknown,
  { field, max }: LongList,
): Promise<unknown> {
  const list = (body as Record<string, unknown> | null)?.[field];
  if (!Array.isArray(list)) return validate(schema, body, 'body');
  if (list.length > max)
    throw refusal([{ path: field, message: `must have at most ${max} entries` }], 'body');
  const checked: unknown[] = [];
  const errors: FieldError[] = [];
  for (let start = 0; start === 0 || start < list.length; start += perTurn) {
    const entries = list.slice(start, start + perTurn);
    try {
      checkInner(entries, field);
      const part = validate(schema, { ...(body as object), [field]: entries }, 'body');
      checked.push(...((part as Record<string, unknown[]>)[field] ?? []));
    } catch (error) {
      errors.push(...faultsOf(error, field, start));
    }
    if (errors.length >= maxErrors) break;
    await nextTurn();
  }
  if (errors.length > 0) throw refusal(errors, 'body');
  return { ...(body as object), [field]: checked };
}

function checkInner(entries: unknown[], field: string): void {
  const errors: FieldError[] = [];
  for (const [index, entry] of entries.entries()) {
    for (const [name, value] of Object.entries(Object(entry))) {
      if (!Array.isArray(value) || value.length <= maxInner) continue;
      errors.push({ path: `${field}.${index}.${name}`, message: `must have at most ${maxInner} entries` });
    }
  }
  if (errors.length > 0) throw refusal(errors, 'body');
}

/** What is wrong with a part, with the indexes that its entries have in the whole; of the rest of the body, once. */
function faultsOf(error: unknown, field: string, start: number): FieldError[] {
  if (!(error instanceof DomainError)) throw error;
  return (error.errors ?? []).flatMap(({ path, message }) => {
    const [name, index, ...rest] = path.split('.');
    if (name !== field || index === undefined) return start === 0 ? [{ path, message }] : [];
    return [{ path: [name, Number(index) + start, ...rest].join('.'), message }];
  });
}
