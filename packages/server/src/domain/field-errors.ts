import type { FieldError } from '@keywright/contract';
import type { z } from 'zod';

/** A body of a million wrong fields must not become an answer that is longer still. */
export const maxErrors = 100;

/** The faults that an issue tells of, for people. @param what what one that is not known is called */
export function toFieldErrors(issue: z.core.$ZodIssue, what: 'field' | 'parameter'): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const message = `is not a ${what} here`;
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

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** What a value must be, for where its schema does not say it in words of its own. */
export function describeIssue(issue: RawIssue): string {
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
