import type { FieldError } from '@keywright/contract';
import type { z } from 'zod';
import { DomainError } from '../domain/error.ts';
import { describeIssue, maxErrors, toFieldErrors } from '../domain/field-errors.ts';

/** Where a value came from, as it is called when a fault is about the whole of it. */
type Origin = 'body' | 'query';

/**
 * The value as the schema reads it.
 * @throws validation_failed that names each fault. What was sent is not repeated: it may be a secret in a wrong place.
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  origin: Origin,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  throw refusal(
    result.error.issues.flatMap((issue) => toFieldErrors(issue, fields[origin])),
    origin,
  );
}

/** The refusal that tells of these faults, of as many as an answer has room for. */
export function refusal(errors: FieldError[], origin: Origin): DomainError {
  return new DomainError('validation_failed', {
    detail: summarize(errors, origin),
    errors: errors.slice(0, maxErrors),
  });
}

const fields = { body: 'field', query: 'parameter' } as const;

function summarize(errors: FieldError[], origin: Origin): string {
  const [first] = errors;
  if (first === undefined) return `The ${origin} is not valid.`;
  const more = errors.length > 1 ? ` And there is more: see \`errors\`.` : '';
  return `${first.path === '' ? `The ${origin}` : first.path} ${first.message}.${more}`;
}
