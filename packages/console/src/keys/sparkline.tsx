import { useText } from '../text/text.tsx';
import { cn } from '../ui/class-names.ts';

const width = 72;
const height = 22;
const hours = 24;
const gap = 1;

/** The requests of the last 24 hours as small bars, the present hour at the right. */
export function Sparkline({ counts, className }: { counts: readonly number[]; className?: string }) {
  const t = useText();
  const most = Math.max(...counts, 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const step = width / hours;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={t('keys.activityLabel', { count: total })}
      className={cn('text-accent', className)}
    >
      {counts.map((count, hour) => {
        const tall = count === 0 ? 1 : Math.max(2.5, (count / most) * height);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour's place is what it is
            key={hour}
            x={hour * step}
            y={height - tall}
            width={step - gap}
            height={tall}
            rx={0.75}
            fill="currentColor"
            opacity={count === 0 ? 0.3 : 1}
          />
        );
      })}
    </svg>
  );
}

const hourMs = 3_600_000;

/** Sums buckets into the last 24 hours, by key. */
export function sumByHour(
  buckets: readonly { at: string; keyId?: string; count: number }[],
  now = Date.now(),
): ReadonlyMap<string, readonly number[]> {
  const thisHour = Math.floor(now / hourMs);
  const byKey = new Map<string, number[]>();
  for (const { at, keyId, count } of buckets) {
    if (keyId === undefined) continue;
    const place = hours - 1 - (thisHour - Math.floor(Date.parse(at) / hourMs));
    if (place < 0 || place >= hours) continue;
    const counts = byKey.get(keyId) ?? Array<number>(hours).fill(0);
    counts[place] = (counts[place] ?? 0) + count;
    byKey.set(keyId, counts);
  }
  return byKey;
}

export const noActivity: readonly number[] = Array<number>(hours).fill(0);
