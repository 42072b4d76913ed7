import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { LedgerSkeleton } from '../activity/activity-page.tsx';
import { LedgerItem } from '../activity/ledger-item.tsx';
import { ledgerQuery } from '../activity/ledger-queries.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { explainError } from '../ui/notify.tsx';

/** The last changes of this key. */
export function KeyLedger({ k }: { k: Key }) {
  const t = useText();
  const { project } = useProject();
  const { data, error, refetch } = useQuery(ledgerQuery(project.id, { subject: k.id }));
  return (
    <section
      aria-labelledby="key-ledger"
      className="overflow-hidden rounded-2xl border border-line bg-surface"
    >
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-3">
        <div>
          <h2 id="key-ledger" className="text-base font-semibold">
            {t('keyPage.ledger')}
          </h2>
          <p className="text-[0.8125rem] text-muted">{t('keyPage.ledgerText')}</p>
        </div>
        <Link
          to="/activity"
          search={{ project: project.id, subject: k.id }}
          className="rounded underline underline-offset-4"
        >
          {t('keyPage.ledgerAll')}
        </Link>
      </header>
      {error && !data ? (
        <div role="alert">
          <EmptyState icon={<History />} title={t('activity.notLoaded')} text={explainError(error)}>
            <Button onClick={() => void refetch()}>{t('retry')}</Button>
          </EmptyState>
        </div>
      ) : !data ? (
        <LedgerSkeleton />
      ) : (
        <ol className="divide-y divide-line">
          {data.items.map((row) => (
            <LedgerItem key={row.seq} row={row} />
          ))}
        </ol>
      )}
    </section>
  );
}
