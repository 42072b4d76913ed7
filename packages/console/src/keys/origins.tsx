import type { Usage } from '@keywright/contract';
import { useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { RelativeTime } from './key-cells.tsx';

/** So many are in sight at once; the others follow on a click. */
const few = 6;

/** Where accepted requests came from of late. */
export function Origins({ origins }: { origins: Usage['origins'] | undefined }) {
  const t = useText();
  const [showsAll, setShowsAll] = useState(false);
  return (
    <section aria-labelledby="origins" className="overflow-hidden rounded-2xl border border-line bg-surface">
      <header className="border-b border-line px-4 py-3">
        <h2 id="origins" className="text-base font-semibold">
          {t('keyPage.origins')}
        </h2>
        <p className="text-[0.8125rem] text-muted">{t('keyPage.originsText')}</p>
      </header>
      {origins === undefined ? (
        <div className="p-4">
          <Skeleton className="h-24 w-full" />
        </div>
      ) : origins.length === 0 ? (
        <p className="p-4 text-muted">{t('keyPage.noOrigins')}</p>
      ) : (
        <>
          <ul className="divide-y divide-line">
            {origins.slice(0, showsAll ? undefined : few).map((origin) => (
              <OriginItem key={`${origin.ip} ${origin.userAgent}`} origin={origin} />
            ))}
          </ul>
          {origins.length > few && !showsAll && (
            <div className="border-t border-line p-2">
              <Button size="small" look="ghost" onClick={() => setShowsAll(true)}>
                {t('keyPage.originsAll', { count: origins.length })}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function OriginItem({ origin }: { origin: Usage['origins'][number] }) {
  const t = useText();
  const { ip, userAgent, lastAt, count } = origin;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 px-4 py-2">
      <span className="min-w-0 flex-1 basis-56">
        <span className="font-mono text-[0.8125rem] break-all">{ip ?? t('keyPage.notSaid')}</span>
        <span className="block text-[0.8125rem] break-words text-muted">
          {userAgent ?? t('keyPage.notSaid')}
        </span>
      </span>
      <span className="text-[0.8125rem] tabular-nums">
        {t('keyPage.originRequests', { count })}
        <span className="text-muted">
          {' · '}
          <RelativeTime time={lastAt} never="" />
        </span>
      </span>
    </li>
  );
}
