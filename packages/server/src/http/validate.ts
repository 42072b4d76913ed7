import type { FieldError } from '@keywright/contract';
import type { z } from 'zod';
import { DomainError } from '../domain/error.ts';

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
    result.error.issues.flatMap((issue) => toFieldErrors(issue, origin)),
    origin,
  );
}

/** A body of a million wrong fields must not become an answer that is longer still. */
export const maxErrors = 100;

/** The refusal that tells of these faults, of as many as an answer has room for. */
export function refusal(errors: FieldError[], origin: Origin): DomainError {
  return new DomainError('validation_failed', {
    detail: summarize(errors, origin),
    errors: errors.slice(0, maxErrors),
  });
}

function toFieldErrors(issue: z.core.$ZodIssue, origin: Origin): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const message = origin === 'body' ? 'is not a field here' : 'is not a parameter here';
    return issue.keys.slice(0, maxErrors).map((key) => ({ path: pathOf([...issue.path, key]), message }));
  }
  return [{ path: pathOf(issue.path), message: issue.message }];
}

const maxNameLength = 40;

/** `a.b.0`. The names of fields come from the client as well, and so they are cut: a secret is longer. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map(String)
    .map((name) => (name.length > maxNameLength ? `${name.slice(0, maxNameLength / 2)}…` : name))
    .join('.');
}

function summarize(errors: FieldError[], origin: Origin): string {
  const [first] = errors;
  if (first === undefined) return `The ${origin} is not valid.`;
  const more = errors.length > 1 ? ` And there is more: see \`errors\`.` : '';
  return `${first.path === '' ? `The ${origin}` : first.path} ${first.message}.${more}`;
}

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** What a value must be, for where its schema does not say it in words of its own. */
function describeIssue(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return describeBound(issue.origin, Number(issue.minimum), 'at least');
    case 'too_big':
      return describeBound(issue.origin, Number(issue.maximum), 'at most');
    case 'invalid_key':
      return `has a name that ${issue.issues[0]?.message ?? 'is not allowed'}`;
    case 'invalid_format':
      return `must be a valid ${issue.format}`;
    default:
      return 'is not valid';
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  null: 'null',
};

function describeBound(origin: string, bound: number, relation: 'at least' | 'at most'): string {
  if (origin === 'string' && relation === 'at least' && bound === 1) return 'must not be empty';
  if (origin === 'string') return `must have ${relation} ${bound} characters`;
  if (origin === 'array') return `must have ${relation} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  return `must be ${relation} ${bound}`;
}
