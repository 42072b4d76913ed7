import { useText } from '../text/text.tsx';
import { type Counts, sumCounts } from './series.ts';
import { formatShare } from './share.ts';

/** How much there was, how much of it was let through, and how much not. */
export function UsageTotals({ sums }: { sums: Counts }) {
  const t = useText();
  const all = sumCounts(sums);
  const accepted = sums.valid ?? 0;
  const totals = [
    { id: 'all', label: t('usage.all'), count: all, share: null },
    { id: 'accepted', label: t('usage.accepted'), count: accepted, share: formatShare(accepted, all) },
    {
      id: 'refused',
      label: t('usage.refused'),
      count: all - accepted,
      share: formatShare(all - accepted, all),
    },
  ];
  return (
    <dl className="mb-5 grid grid-cols-1 gap-3 min-[26rem]:grid-cols-3">
      {totals.map(({ id, label, count, share }) => (
        <div key={id} data-total={id} className="rounded-xl bg-sunken px-4 py-3">
          <dt className="text-[0.8125rem] text-muted">{label}</dt>
          <dd className="mt-0.5 flex flex-wrap items-baseline gap-x-2">
            <span className="text-xl font-semibold tabular-nums">{count.toLocaleString()}</span>
            {share && <span className="text-[0.8125rem] text-muted">{share}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
