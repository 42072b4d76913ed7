import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type SearchPatch, withoutUndefined } from '../shell/page-search.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { BusyKeys } from './busy-keys.tsx';
import { ChannelChoice } from './channel-choice.tsx';
import { RefusalList } from './refusal-list.tsx';
import { RefusalLookup } from './refusal-lookup.tsx';
import { chosenSpan, type SpanPatch } from './spans.ts';
import { UsagePanel } from './usage-panel.tsx';
import { projectUsageQuery } from './usage-queries.ts';
import type { UsageSearch } from './usage-search.ts';
import { UsageTotals } from './usage-totals.tsx';

const route = getRouteApi('/app/usage');

export function UsagePage() {
  const t = useText();
  const { project, canOperate } = useProject();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (patch: SearchPatch<UsageSearch>) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, ...patch }),
        resetScroll: false,
      });
    },
    [navigate],
  );
  const span = chosenSpan(search);
  const { data, error, refetch } = useQuery(projectUsageQuery(project.id, span));
  return (
    <>
      <PageHeader title={t('usage.title')} text={t(canOperate ? 'usage.text' : 'usage.textOwn')} />
      <div className="flex flex-col gap-6">
        <UsagePanel
          title={t('usage.chart')}
          data={data}
          error={error}
          onRetry={() => void refetch()}
          search={search}
          change={(patch: SpanPatch) => change('range' in patch ? { ...patch, cursor: undefined } : patch)}
          fileName="usage"
          empty={{ title: t('usage.empty'), text: t(canOperate ? 'usage.emptyText' : 'usage.emptyTextOwn') }}
        >
          {(sums) => <UsageTotals sums={sums} />}
        </UsagePanel>
        <BusyKeys range={span.range} cursor={search.cursor} onPage={(cursor) => change({ cursor })} />
        <RefusalLookup request={search.request} onAsk={(request) => change({ request })} />
        <RefusalList
          of="project"
          channel={search.channel}
          code={search.code}
          cursor={search.refusals}
          onCode={(code) => change({ code, refusals: undefined })}
          onPage={(refusals) => change({ refusals })}
        >
          <ChannelChoice
            value={search.channel}
            onChange={(channel) => change({ channel, refusals: undefined })}
          />
        </RefusalList>
      </div>
    </>
  );
}
