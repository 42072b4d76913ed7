import type { Channel, Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { KeyRound, SearchX } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api/api-error.ts';
import { newAttempt } from '../api/attempt.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { explainError, notifyFailure } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { CreateButton } from './create-button.tsx';
import { createKey, defaultOwner } from './create-key.ts';
import { hashFoundSecret } from './found-secret.ts';
import type { IssuedSecret } from './issued-secret.ts';
import { KeyCards } from './key-cards.tsx';
import { KeyDialogs } from './key-dialogs.tsx';
import type { KeyListState } from './key-list-search.ts';
import { KeyListSkeleton } from './key-list-skeleton.tsx';
import { activityQuery, keyListQuery } from './key-queries.ts';
import type { KeyRow } from './key-row.ts';
import { KeyTable } from './key-table.tsx';
import { KeyToolbar } from './key-toolbar.tsx';
import { memberNamesQuery } from './owner-field.tsx';
import { keyViews } from './presets.ts';
import { noActivity, sumByHour } from './sparkline.tsx';
import { useKeySwitch } from './use-key-actions.ts';

const FoundSecretDialog = lazy(async () => ({
  default: (await import('./found-secret-dialog.tsx')).FoundSecretDialog,
}));

interface KeyManagerProps extends KeyListState {
  /** Only the keys that are bound to it; null: all of the project. */
  channel: Channel | null;
  /** What stands above, with the button that makes keys. */
  header: (createButton: React.ReactNode) => React.ReactNode;
}

/** The keys of a project or of one channel: the list, and all that can be done with it. */
export function KeyManager({ channel, header, search, change }: KeyManagerProps) {
  const t = useText();
  const { project, canOperate } = useProject();
  const view = keyViews[project.preset];
  const place = { projectId: project.id, channelId: channel?.id ?? null };
  const list = useQuery(keyListQuery(place, search));
  const keys = list.data?.items;
  const rows = useRows(keys, { change, channel });
  const [selection, setSelection] = useState<RowSelectionState>({});
  const [issued, setIssued] = useState<IssuedSecret | null>(null);
  const [foundHash, setFoundHash] = useState<string | null>(null);
  const quick = useQuickCreate(channel, setIssued);
  const isWide = useIsWide();
  const columns = useMemo(
    () => view.columns.filter((id) => id !== 'owner' || canOperate),
    [view, canOperate],
  );
  const selected = keys?.filter(({ id }) => selection[id]) ?? [];
  const isFiltered = Boolean(search.q || search.status || search.owner);
  const create = view.asks === 'nothing' ? quick.create : () => change({ dialog: 'create' }, true);
  const createButton = <CreateButton channel={channel} isBusy={quick.isBusy} onCreate={create} />;
  const isEmpty = keys?.length === 0;
  const isBare = isEmpty && !isFiltered && search.cursor === undefined;

  return (
    <>
      {header(keys === undefined || isBare ? null : createButton)}
      <section
        aria-label={t('keys.title')}
        className="overflow-hidden rounded-2xl border border-line bg-surface"
      >
        {!isBare && (
          <KeyToolbar
            search={search}
            change={change}
            onSecret={(secret) => setFoundHash(hashFoundSecret(secret))}
          />
        )}
        {list.isError && !keys ? (
          <LoadFailure
            error={list.error}
            onRetry={() => void list.refetch()}
            onFirstPage={() => change({ cursor: undefined })}
          />
        ) : keys === undefined ? (
          <KeyListSkeleton />
        ) : isEmpty ? (
          isFiltered || search.cursor !== undefined ? (
            <EmptyState icon={<SearchX />} title={t('keys.noMatch')} text={t('keys.noMatchText')}>
              <Button
                onClick={() =>
                  change({ q: undefined, status: undefined, owner: undefined, cursor: undefined }, true)
                }
              >
                {t('keys.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState
              icon={<KeyRound />}
              title={t('keys.empty')}
              text={t(channel ? 'keys.emptyChannel' : 'keys.emptyText')}
            >
              {createButton}
            </EmptyState>
          )
        ) : isWide ? (
          <KeyTable
            rows={rows}
            view={view}
            columns={columns}
            sort={search.sort ?? '-createdAt'}
            onSort={(sort) => change({ sort }, true)}
            selection={selection}
            onSelect={setSelection}
            isStale={list.isPlaceholderData}
          />
        ) : (
          <KeyCards rows={rows} view={view} selection={selection} onSelect={setSelection} />
        )}
        {list.data && !isBare && (
          <Pagination
            page={list.data.page}
            onPage={(cursor) => {
              setSelection({});
              change({ cursor }, true);
            }}
            size={search.size ?? 20}
            sizes={[20, 50, 100]}
            onSize={(size) => change({ size: size === 20 ? undefined : (size as 50 | 100) })}
          />
        )}
      </section>
      {selected.length > 0 && <BulkBar keys={selected} onClear={() => setSelection({})} />}
      <KeyDialogs
        search={search}
        change={change}
        channel={channel}
        keys={keys ?? []}
        issued={issued}
        onIssued={setIssued}
      />
      <Suspense>
        {foundHash && <FoundSecretDialog sha256={foundHash} onClose={() => setFoundHash(null)} />}
      </Suspense>
    </>
  );
}

function useRows(
  keys: readonly Key[] | undefined,
  { change, channel }: Pick<KeyManagerProps, 'change' | 'channel'>,
): KeyRow[] {
  const t = useText();
  const { project, me, canOperate } = useProject();
  const view = keyViews[project.preset];
  const { running, switchKey } = useKeySwitch();
  const showsActivity = view.columns.includes('activity');
  const ids = useMemo(() => (showsActivity ? (keys ?? []).map(({ id }) => id) : []), [keys, showsActivity]);
  const { data: usage } = useQuery(activityQuery(project.id, ids));
  const { data: members } = useQuery({
    ...memberNamesQuery(project.id),
    enabled: canOperate && view.columns.includes('owner'),
  });
  const asksFirst = channel?.policy.confirmToggle ?? project.policy.confirmToggle;
  return useMemo(() => {
    const byHour = sumByHour(usage?.buckets ?? []);
    const names = new Map(members?.items.map(({ accountId, name }) => [accountId, name]));
    const nameOwner = (ownerId: string | null) => {
      if (ownerId === null) return null;
      return ownerId === me.id ? t('keys.me') : (names.get(ownerId) ?? ownerId);
    };
    return (keys ?? []).map((k) => ({
      k,
      ownerName: nameOwner(k.ownerId),
      activity: byHour.get(k.id) ?? noActivity,
      controls: {
        k,
        view,
        isBusy: running.has(k.id),
        onToggle: (action) =>
          asksFirst ? change({ dialog: action, key: k.id }, true) : void switchKey(k, action),
        onDialog: (dialog) => change({ dialog, key: k.id }, true),
      },
    }));
  }, [keys, usage, members, running, view, me.id, asksFirst, change, switchKey, t]);
}

/** Where nothing is asked for, a click makes the key. */
function useQuickCreate(channel: Channel | null, onIssued: (issued: IssuedSecret) => void) {
  const t = useText();
  const current = useProject();
  const [isBusy, setBusy] = useState(false);
  const create = useCallback(async () => {
    setBusy(true);
    try {
      const body = {
        ...defaultOwner(current, channel?.id ?? null),
        ...(channel && { channelId: channel.id }),
      };
      onIssued(await createKey(current.project.id, body, newAttempt()));
    } catch (error) {
      notifyFailure(t('keys.notCreated'), error);
    } finally {
      setBusy(false);
    }
  }, [current, channel, onIssued, t]);
  return { create, isBusy };
}

interface LoadFailureProps {
  error: Error;
  onRetry(): void;
  onFirstPage(): void;
}

/** A cursor in an old address may have lost what it belonged to: then the first page still works. */
function LoadFailure({ error, onRetry, onFirstPage }: LoadFailureProps) {
  const t = useText();
  const isCursor = error instanceof ApiError && error.errors.some(({ path }) => path === 'cursor');
  return (
    <div role="alert">
      <EmptyState icon={<SearchX />} title={t('keys.notLoaded')} text={explainError(error)}>
        <Button onClick={isCursor ? onFirstPage : onRetry}>{t(isCursor ? 'page.first' : 'retry')}</Button>
      </EmptyState>
    </div>
  );
}

const wideScreen = matchMedia('(min-width: 768px)');

function useIsWide(): boolean {
  return useSyncExternalStore(
    (tell) => {
      wideScreen.addEventListener('change', tell);
      return () => wideScreen.removeEventListener('change', tell);
    },
    () => wideScreen.matches,
  );
}
