import { Tabs } from '@base-ui/react/tabs';
import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useCallback, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { pollEvery } from '../api/queries.ts';
import { withoutUndefined } from '../shell/page-search.ts';
import { useProject } from '../shell/project.tsx';
import { RouteError } from '../shell/route-error.tsx';
import { useText } from '../text/text.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { lateDialog, latePanel } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { TabList } from '../ui/tab-list.tsx';
import { BackToList } from './back-to-list.tsx';
import { KeyDialogs } from './key-dialogs.tsx';
import { KeyHeader } from './key-header.tsx';
import { KeyLedger } from './key-ledger.tsx';
import type { KeyListState } from './key-list-search.ts';
import { type KeyPagePatch, type KeyPageSearch, type KeyTab, keyTabs } from './key-page-search.ts';
import { keyQuery } from './key-queries.ts';
import { KeyUsage } from './key-usage.tsx';
import { lastListSearch } from './list-return.ts';
import { RotationPanel } from './rotation-panel.tsx';
import { useIssuedSecret } from './use-issued-secret.ts';

const route = getRouteApi('/app/apikeys/$keyId');

const KeySettings = latePanel(
  async () => (await import('./key-settings.tsx')).KeySettings,
  <Skeleton className="h-96 w-full" />,
);
const RetireDialog = lateDialog(async () => (await import('./retire-dialog.tsx')).RetireDialog);

const refetchMs = 15_000;

/** All about one key. */
export function KeyPage() {
  const t = useText();
  const { keyId } = route.useParams();
  const { project } = useProject();
  const { data: k, error, refetch } = useQuery({ ...keyQuery(keyId), refetchInterval: pollEvery(refetchMs) });
  const isGone = error instanceof ApiError && error.status === 404;
  // It was here until now: whoever deleted it goes on with the others.
  if (isGone && k) return <Navigate to="/apikeys" search={lastListSearch(k.projectId)} replace />;
  if (error && !k) {
    return (
      <>
        <BackToList projectId={project.id} />
        {isGone || (error instanceof ApiError && error.status === 400) ? (
          <EmptyState icon={<KeyRound />} title={t('keyPage.gone')} text={t('keyPage.goneText')} />
        ) : (
          <RouteError error={error} reset={() => void refetch()} />
        )}
      </>
    );
  }
  if (!k) return <KeyPageSkeleton />;
  if (k.projectId !== project.id) {
    return <Navigate to="/apikeys/$keyId" params={{ keyId }} search={{ project: k.projectId }} replace />;
  }
  return <LoadedKeyPage key={k.id} k={k} />;
}

function LoadedKeyPage({ k }: { k: Key }) {
  const t = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [issued, setIssued] = useIssuedSecret();
  const change = useCallback(
    (patch: KeyPagePatch, isStep = false) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      });
    },
    [navigate],
  );
  // The dialogs name the key that they are about; here it is always this one.
  const changeDialog = useCallback<KeyListState['change']>(
    ({ dialog }, isStep) => change({ dialog }, isStep),
    [change],
  );
  const { dialog } = search;
  return (
    <>
      <BackToList projectId={k.projectId} />
      <KeyHeader k={k} onDialog={(wanted) => change({ dialog: wanted }, true)} />
      {k.rotation && <RotationPanel k={k} onRetire={() => change({ dialog: 'retire' }, true)} />}
      <KeyTabs k={k} search={search} change={change} />
      <KeyDialogs
        search={dialog && dialog !== 'retire' ? { dialog, key: k.id } : {}}
        change={changeDialog}
        channel={null}
        keys={[k]}
        issued={issued}
        onIssued={setIssued}
      />
      {dialog === 'retire' && k.rotation && (
        <RetireDialog k={k} onClose={() => change({ dialog: undefined })} />
      )}
      {dialog === 'retire' && !k.rotation && (
        <UnavailableDialog
          title={t('rotation.gone')}
          text={t('rotation.goneText')}
          onClose={() => change({ dialog: undefined })}
        />
      )}
    </>
  );
}

interface KeyTabsProps {
  k: Key;
  search: KeyPageSearch;
  change(patch: KeyPagePatch, isStep?: boolean): void;
}

function KeyTabs({ k, search, change }: KeyTabsProps) {
  const t = useText();
  const tab: KeyTab = search.tab ?? 'usage';
  // Once it is open it stays, so that nothing is lost that was typed.
  const [wasOpened, setOpened] = useState(tab === 'settings');
  if (tab === 'settings' && !wasOpened) setOpened(true);
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next: KeyTab) => change({ tab: next === 'usage' ? undefined : next }, true)}
    >
      <TabList
        className="mb-5"
        label={t('keyPage.tabs')}
        tabs={keyTabs.map((value) => ({ value, text: t(`keyPage.tab.${value}`) }))}
      />
      <Tabs.Panel value="usage">
        <KeyUsage k={k} search={search} change={change} />
      </Tabs.Panel>
      <Tabs.Panel value="settings" keepMounted={wasOpened}>
        <KeySettings k={k} />
      </Tabs.Panel>
      <Tabs.Panel value="activity">
        <KeyLedger k={k} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function KeyPageSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-5 w-24" />
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-28 w-full" />
      <Skeleton className="h-80 w-full" />
    </div>
  );
}
