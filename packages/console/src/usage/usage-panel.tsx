import type { Usage, UsageBucket } from '@keywright/contract';
import { ChartColumn, Download, Table } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/field.tsx';
import { latePanel } from '../ui/late.tsx';
import { explainError } from '../ui/notify.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { CodePatterns, CodeSwatch } from './code-patterns.tsx';
import { type Counts, occurringCodes, sumCounts, sumSeries, toSeries, writeCsv } from './series.ts';
import { formatShare } from './share.ts';
import { chosenSpan, type SpanPatch, type SpanSearch, spans, type UsageRange, usageRanges } from './spans.ts';
import { UsageTable } from './usage-table.tsx';

const UsageChart = latePanel(
  async () => (await import('./usage-chart.tsx')).UsageChart,
  <Skeleton className="h-[280px] w-full" />,
);

interface UsagePanelProps {
  title: string;
  data: { times: readonly number[]; usage: Usage } | undefined;
  error: Error | null;
  onRetry(): void;
  search: SpanSearch;
  change(patch: SpanPatch): void;
  /** Of the file that is downloaded. */
  fileName: string;
  empty: { title: string; text: string };
  /** What stands between the controls and the chart. */
  children?: (sums: Counts) => ReactNode;
}

/** Usage over time: a chart or a table, what its colours mean, and how it is chosen. */
export function UsagePanel(props: UsagePanelProps) {
  const { title, data, error, onRetry, search, change, fileName, empty, children } = props;
  const t = useText();
  const span = chosenSpan(search);
  const series = useMemo(() => (data ? toSeries(data.usage.buckets, data.times) : []), [data]);
  const sums = useMemo(() => sumSeries(series), [series]);
  const codes = occurringCodes(sums);
  const isTable = search.view === 'table';
  // While another span is on its way the former one is in sight, in its own steps.
  const shownBucket = bucketOf(data?.times) ?? span.bucket;
  return (
    <section aria-label={title} className="rounded-2xl border border-line bg-surface">
      <CodePatterns />
      <header className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <h2 className="mr-auto px-1 text-base font-semibold">{title}</h2>
        <SpanControls search={search} change={change} />
        <Button
          size="small"
          aria-pressed={isTable}
          onClick={() => change({ view: isTable ? undefined : 'table' })}
        >
          {isTable ? <ChartColumn aria-hidden /> : <Table aria-hidden />}
          {t(isTable ? 'usage.showChart' : 'usage.showTable')}
        </Button>
        <Button
          size="small"
          isBlocked={codes.length === 0}
          onClick={() => saveFile(`${fileName}-${span.range}.csv`, 'text/csv', writeCsv(series, codes))}
        >
          <Download aria-hidden />
          {t('usage.csv')}
        </Button>
      </header>
      <div className="p-4">
        {error && !data ? (
          <div role="alert">
            <EmptyState icon={<ChartColumn />} title={t('usage.notLoaded')} text={explainError(error)}>
              <Button onClick={onRetry}>{t('retry')}</Button>
            </EmptyState>
          </div>
        ) : !data ? (
          <Skeleton className="h-[280px] w-full" />
        ) : (
          <>
            {children?.(sums)}
            {codes.length === 0 ? (
              <EmptyState icon={<ChartColumn />} {...empty} />
            ) : (
              <>
                {isTable ? (
                  <UsageTable series={series} codes={codes} bucket={shownBucket} />
                ) : (
                  <figure aria-label={summarize(sums, t('usage.accepted'), t('usage.refused'))}>
                    <UsageChart series={series} codes={codes} bucket={shownBucket} />
                  </figure>
                )}
                <Legend sums={sums} />
                {shownBucket === 'day' && (
                  <p className="mt-2 text-[0.8125rem] text-muted">{t('usage.daysAreUtc')}</p>
                )}
              </>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function SpanControls({ search, change }: Pick<UsagePanelProps, 'search' | 'change'>) {
  const t = useText();
  const span = chosenSpan(search);
  const { buckets } = spans[span.range];
  return (
    <>
      <Select
        aria-label={t('usage.range')}
        value={span.range}
        className="h-8! w-auto! text-[0.8125rem]"
        onChange={({ target }) => change({ range: target.value as UsageRange, bucket: undefined })}
      >
        {usageRanges.map((range) => (
          <option key={range} value={range}>
            {t(`usage.range.${range}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('usage.bucket')}
        value={span.bucket}
        disabled={buckets.length === 1}
        className="h-8! w-auto! text-[0.8125rem]"
        onChange={({ target }) => change({ bucket: target.value as UsageBucket })}
      >
        {buckets.map((bucket) => (
          <option key={bucket} value={bucket}>
            {t(`usage.by.${bucket}`)}
          </option>
        ))}
      </Select>
    </>
  );
}

/** What each colour and pattern means, with how often it occurred. */
function Legend({ sums }: { sums: Counts }) {
  const t = useText();
  const all = sumCounts(sums);
  return (
    <ul aria-label={t('usage.legend')} className="mt-4 flex flex-wrap gap-x-5 gap-y-2 text-[0.8125rem]">
      {occurringCodes(sums).map((code) => (
        <li key={code} data-code={code} className="flex items-center gap-2">
          <CodeSwatch code={code} />
          <span>{t(`code.${code}`)}</span>
          <span className="tabular-nums text-muted">
            {(sums[code] ?? 0).toLocaleString()} · {formatShare(sums[code] ?? 0, all)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function bucketOf(times: readonly number[] | undefined): UsageBucket | null {
  const [first = 0, second = 0] = times ?? [];
  if (!times) return null;
  const step = second - first;
  return step === 60_000 ? 'minute' : step === 3_600_000 ? 'hour' : 'day';
}

function summarize(sums: Counts, accepted: string, refused: string): string {
  const valid = sums.valid ?? 0;
  const rest = sumCounts(sums) - valid;
  return `${accepted}: ${valid.toLocaleString()}; ${refused}: ${rest.toLocaleString()}`;
}
