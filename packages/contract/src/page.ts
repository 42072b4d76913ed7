import { z } from 'zod';

export const defaultPageLimit = 20;
export const maxPageLimit = 100;
/** Totals are counted up to here; beyond, `totalIsExact` is false. */
export const maxExactTotal = 10_000;

export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((limit) => limit >= 1, { error: 'must be at least 1' })
    .refine((limit) => limit <= maxPageLimit, { error: `must be at most ${maxPageLimit}` })
    .default(defaultPageLimit)
    .meta({ type: 'integer', minimum: 1, maximum: maxPageLimit, default: defaultPageLimit }),
  cursor: z.string().max(2000).exactOptional(),
});

export const page = z.object({
  next: z.string().nullable(),
  previous: z.string().nullable(),
  from: z.number().int(),
  to: z.number().int(),
  total: z.number().int(),
  totalIsExact: z.boolean(),
});
export type Page = z.infer<typeof page>;

/** A page of `item`s as every list answers it. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), page });
}
