import type { UsageBucket } from '@keywright/contract';
import { useText } from '../text/text.tsx';
import type { UsageCode } from './codes.ts';
import { formatMoment } from './moment-text.ts';
import { type Moment, sumCounts } from './series.ts';

interface UsageTableProps {
  series: readonly Moment[];
  codes: readonly UsageCode[];
  bucket: UsageBucket;
}

/** The same as the chart in figures, the latest first; where nothing happened there is no row. */
export function UsageTable({ series, codes, bucket }: UsageTableProps) {
  const t = useText();
  const rows = series.filter(({ counts }) => sumCounts(counts) > 0).reverse();
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
      tabIndex={0}
      aria-label={t('usage.tableLabel')}
      className="relative max-h-96 overflow-auto rounded-xl border border-line"
    >
      <table className="w-full text-[0.8125rem]">
        <caption className="sr-only">{t('usage.tableCaption')}</caption>
        <thead className="sticky top-0 bg-sunken">
          <tr>
            <th scope="col" className="px-3 py-2 text-left font-medium whitespace-nowrap">
              {t(bucket === 'day' ? 'usage.dayUtc' : 'usage.from')}
            </th>
            {codes.map((code) => (
              <th key={code} scope="col" className="px-3 py-2 text-right font-medium whitespace-nowrap">
                {t(`code.${code}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line tabular-nums">
          {rows.map(({ at, counts }) => (
            <tr key={at}>
              <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                {formatMoment(at, bucket)}
              </th>
              {codes.map((code) => (
                <td key={code} className="px-3 py-1.5 text-right">
                  {counts[code]?.toLocaleString() ?? <span className="text-muted">0</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
