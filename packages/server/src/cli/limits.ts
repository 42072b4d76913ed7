import { type QuotaInput, quotaPeriods, type RateLimit } from '@keywright/contract';
import { InvalidArgumentError } from 'commander';
import { parseDuration } from './times.ts';

/** For an option that may be given several times: `burst=100/1m` lets 100 through in each minute. */
export function collectRateLimit(text: string, before: readonly RateLimit[] = []): RateLimit[] {
  const [, name, count, duration] = /^([^=]+)=(\d{1,10})\/(\w+)$/.exec(text) ?? [];
  if (name === undefined || duration === undefined)
    throw new InvalidArgumentError('It must be a name, a number and a duration, such as burst=100/1m.');
  return [...before, { name, limit: Number(count), windowSeconds: parseDuration(duration) }];
}

/** `100000/month` */
export function parseQuota(text: string): QuotaInput {
  const [, count, unit] = /^(\d{1,13})\/(\w+)$/.exec(text) ?? [];
  const period = quotaPeriods.find((known) => known === unit);
  if (period === undefined)
    throw new InvalidArgumentError(
      `It must be a number and one of ${quotaPeriods.join(', ')}: 100000/month.`,
    );
  return { limit: Number(count), period };
}
