import { z } from 'zod';
import { id } from './id.ts';
import { time, timeInput } from './text.ts';
import { verifyCodes } from './verify.ts';

export const usageBuckets = ['minute', 'hour', 'day'] as const;
export type UsageBucket = (typeof usageBuckets)[number];

/** How many buckets an answer may span: a day of minutes, two months of hours, four years of days. */
export const maxUsageBuckets = 1500;
/** And how many for several keys, each key's counted. */
export const maxKeyBuckets = 10_000;
/** For how many days it is known what happened in each minute and each hour. */
export const usageKeptDays = { minute: 7, hour: 90 } as const;

export const usageQuery = z.strictObject({
  from: timeInput
    .exactOptional()
    .meta({ description: 'left out: a day before `to`; rounded down to a whole bucket' }),
  to: timeInput.exactOptional().meta({ description: 'left out: now; rounded up to a whole bucket' }),
  bucket: z
    .enum(usageBuckets)
    .default('hour')
    .meta({
      description: `minutes are known for ${usageKeptDays.minute} days, hours for ${usageKeptDays.hour}, days for good; at most ${maxUsageBuckets} buckets`,
    }),
});
export type UsageQuery = z.infer<typeof usageQuery>;

const keyIds = z
  .string()
  .transform((list) => [...new Set(list.split(','))])
  .pipe(z.array(id('key')).max(100, { error: 'must have at most 100 ids' }));

export const projectUsageQuery = usageQuery.extend({
  keyIds: keyIds.exactOptional().meta({
    type: 'string',
    description: `ids with commas between them, 100 at most: buckets for each of these keys, ${maxKeyBuckets} at most; left out: the sums of the project`,
  }),
});
export type ProjectUsageQuery = z.infer<typeof projectUsageQuery>;

export const usage = z.object({
  buckets: z
    .array(
      z.object({
        at: time.meta({ description: 'when the bucket begins' }),
        keyId: id('key').exactOptional().meta({ description: 'when keyIds were asked for' }),
        secret: z.enum(['current', 'previous']).meta({
          description:
            'of a key: its present secret, or all former ones; in the sums of a project: what the secret was then',
        }),
        code: z.enum(['valid', ...verifyCodes]),
        count: z.number().int(),
      }),
    )
    .meta({ description: 'in the order of time; where nothing was counted there is no bucket' }),
  origins: z
    .array(
      z.object({
        ip: z.string().nullable(),
        userAgent: z.string().nullable(),
        lastAt: time,
        count: z.number().int(),
      }),
    )
    .meta({
      description:
        'where accepted requests came from of late, the last first; at most 16, whatever the time asked for',
    }),
});
export type Usage = z.infer<typeof usage>;
