import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { RefusalList } from '../usage/refusal-list.tsx';
import { chosenSpan } from '../usage/spans.ts';
import { UsagePanel } from '../usage/usage-panel.tsx';
import { keyUsageQuery } from '../usage/usage-queries.ts';
import type { KeyPagePatch, KeyPageSearch } from './key-page-search.ts';
import { Origins } from './origins.tsx';

interface KeyUsageProps {
  k: Key;
  search: KeyPageSearch;
  change(patch: KeyPagePatch, isStep?: boolean): void;
}

/** Who asked with it, when and how often, and what was refused. */
export function KeyUsage({ k, search, change }: KeyUsageProps) {
  const t = useText();
  const { data, error, refetch } = useQuery(keyUsageQuery(k.id, chosenSpan(search)));
  return (
    <div className="flex flex-col gap-6">
      <UsagePanel
        title={t('keyPage.usage')}
        data={data}
        error={error}
        onRetry={() => void refetch()}
        search={search}
        change={(patch) => change(patch, true)}
        fileName={`usage-${k.id}`}
        empty={{ title: t('keyPage.unused'), text: t('keyPage.unusedText') }}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_2fr]">
        <LastUse k={k} />
        <Origins origins={data?.usage.origins} />
      </div>
      <RefusalList
        of="key"
        keyId={k.id}
        code={search.code}
        cursor={search.refusals}
        onCode={(code) => change({ code, refusals: undefined }, true)}
        onPage={(refusals) => change({ refusals }, true)}
      />
    </div>
  );
}

function LastUse({ k }: { k: Key }) {
  const t = useText();
  return (
    <section aria-labelledby="last-use" className="rounded-2xl border border-line bg-surface p-4">
      <h2 id="last-use" className="text-base font-semibold">
        {t('keyPage.lastUse')}
      </h2>
      {k.lastUsedAt === null ? (
        <p className="mt-2 text-muted">{t('keyPage.noOrigins')}</p>
      ) : (
        <>
          <p className="mt-2 text-lg font-semibold">{formatRelative(k.lastUsedAt)}</p>
          <p className="text-muted">
            <time dateTime={k.lastUsedAt}>{formatDateTime(k.lastUsedAt)}</time>
          </p>
          <dl className="mt-3 flex flex-col gap-2 text-[0.8125rem]">
            <div>
              <dt className="text-muted">{t('keyPage.address')}</dt>
              <dd className="font-mono break-all">{k.lastUsedIp ?? t('keyPage.notSaid')}</dd>
            </div>
            <div>
              <dt className="text-muted">{t('keyPage.agent')}</dt>
              <dd className="break-words">{k.lastUsedAgent ?? t('keyPage.notSaid')}</dd>
            </div>
          </dl>
        </>
      )}
    </section>
  );
}
