import type { UsageBucket } from '@keywright/contract';
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useText } from '../text/text.tsx';
import { CodeSwatch, codeFill } from './code-patterns.tsx';
import type { UsageCode } from './codes.ts';
import { formatMoment, formatTick } from './moment-text.ts';
import { type Moment, sumCounts } from './series.ts';

interface UsageChartProps {
  series: readonly Moment[];
  codes: readonly UsageCode[];
  bucket: UsageBucket;
}

/** More than these stand too close for bars. */
const mostBars = 200;
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const tick = { fill: 'var(--muted)', fontSize: 12 };

/** The outcomes of each bucket, one on top of the other. */
export function UsageChart({ series, codes, bucket }: UsageChartProps) {
  const isDense = series.length > mostBars;
  const isLong = (series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0) > 2 * 86_400_000;
  return (
    <ResponsiveContainer width="100%" height={280}>
      <ComposedChart
        data={[...series]}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
        barCategoryGap={series.length > 60 ? 0.5 : '12%'}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: number) => formatTick(at, bucket, isLong)}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          interval="equidistantPreserveStart"
          minTickGap={24}
        />
        <YAxis
          width={44}
          tick={tick}
          tickLine={false}
          axisLine={false}
          allowDecimals={false}
          tickFormatter={(count: number) => compact.format(count)}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--sunken)', stroke: 'var(--line-strong)' }}
          content={({ active, payload }) => {
            const moment = payload?.[0]?.payload as Moment | undefined;
            return active && moment ? <MomentCard moment={moment} codes={codes} bucket={bucket} /> : null;
          }}
        />
        {codes.map((code) =>
          isDense ? (
            <Area
              key={code}
              type="step"
              stackId="all"
              dataKey={({ counts }: Moment) => counts[code] ?? 0}
              fill={codeFill(code)}
              fillOpacity={1}
              stroke="none"
              activeDot={false}
              isAnimationActive={false}
            />
          ) : (
            <Bar
              key={code}
              stackId="all"
              dataKey={({ counts }: Moment) => counts[code] ?? 0}
              fill={codeFill(code)}
              maxBarSize={36}
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

interface MomentCardProps {
  moment: Moment;
  codes: readonly UsageCode[];
  bucket: UsageBucket;
}

function MomentCard({ moment, codes, bucket }: MomentCardProps) {
  const t = useText();
  return (
    <div className="rounded-xl border border-line bg-surface px-3 py-2 text-[0.8125rem] shadow-raised">
      <p className="font-medium">{formatMoment(moment.at, bucket)}</p>
      <p className="text-muted">{t('usage.requests', { count: sumCounts(moment.counts) })}</p>
      {codes
        .filter((code) => moment.counts[code])
        .map((code) => (
          <p key={code} className="mt-1 flex items-center gap-2">
            <CodeSwatch code={code} />
            <span className="flex-1">{t(`code.${code}`)}</span>
            <span className="pl-3 font-medium tabular-nums">{moment.counts[code]?.toLocaleString()}</span>
          </p>
        ))}
    </div>
  );
}
