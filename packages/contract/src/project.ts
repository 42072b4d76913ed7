import { z } from 'zod';
import { id } from './id.ts';
import { policy, policyPatch } from './policy.ts';
import { preset } from './preset.ts';
import { propagation } from './propagation.ts';
import { text, time } from './text.ts';

/** The project's own words for parts of the console, by the name of the part. */
const wordingKey = z
  .string()
  .regex(/^[a-zA-Z0-9.]{1,64}$/, { error: 'must be 1 to 64 characters of a-z A-Z 0-9 .' });
const wording = z.record(wordingKey, z.string());
const wordingRecord = z
  .record(wordingKey, text({ max: 500, lines: true }).nullable())
  .refine((value) => Object.keys(value).length <= 100, { error: 'must have at most 100 entries' });
/** `z.record` by itself would drop an entry named `__proto__` instead of refusing it. */
const wordingPatch = z.preprocess((value, context) => {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')) {
    context.addIssue({ code: 'custom', path: ['__proto__'], message: 'is not the name of a part' });
  }
  return value;
}, wordingRecord);

export const project = z.object({
  id: id('project'),
  name: z.string(),
  preset,
  policy,
  wording,
  createdAt: time,
  keyCount: z.number().int(),
});
export type Project = z.infer<typeof project>;

export const createProjectBody = z.strictObject({
  name: text({ max: 100 }),
  preset: preset.default('standard'),
  policy: policyPatch.exactOptional(),
  wording: wordingPatch.exactOptional(),
});
export type CreateProjectBody = z.infer<typeof createProjectBody>;

export const updateProjectBody = z.strictObject({
  name: text({ max: 100 }).exactOptional(),
  preset: preset.exactOptional(),
  policy: policyPatch.exactOptional(),
  wording: wordingPatch.exactOptional(),
});
export type UpdateProjectBody = z.infer<typeof updateProjectBody>;

export const projectWithPropagation = z.object({ project, propagation });
