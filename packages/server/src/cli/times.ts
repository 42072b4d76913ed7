import { InvalidArgumentError } from 'commander';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a duration such as `90s`, `15m`, `24h`, `30d` or `2w`; `0` needs no unit. */
export function parseDuration(text: string): number {
  const [, number, unit = ''] = /^(\d{1,7})([smhdw])$/.exec(text) ?? [];
  const seconds = unitSeconds[unit];
  if (text === '0') return 0;
  if (number === undefined || seconds === undefined)
    throw new InvalidArgumentError('It must be a duration such as 90s, 15m, 24h or 30d.');
  return Number(number) * seconds;
}

/** A moment as the API takes it, from RFC 3339, a day (its beginning in UTC), or a duration from now on. */
export function parseMoment(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return `${text}T00:00:00Z`;
  if (/^\d{4}-\d{2}-\d{2}[T ]/.test(text) && !Number.isNaN(Date.parse(text))) return text.replace(' ', 'T');
  try {
    return new Date(Date.now() + parseDuration(text) * 1000).toISOString();
  } catch {
    throw new InvalidArgumentError(
      'It must be a time such as 2027-01-31 or 2027-01-31T12:00:00Z, or a duration from now such as 90d.',
    );
  }
}
