import type { Channel, Key, KeySort } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { KeyRound, SearchX } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { attemptAfter, newAttempt, wasAnswerLost } from '../api/attempt.ts';
import { useNames } from '../members/use-members.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { lateDialog } from '../ui/late.tsx';
import { ListFailure } from '../ui/list-failure.tsx';
import { ListSkeleton } from '../ui/list-skeleton.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { useIsWide } from '../ui/use-is-wide.ts';
import { BulkBar } from './bulk-bar.tsx';
import { CreateButton } from './create-button.tsx';
import { createKey, defaultOwner } from './create-key.ts';
import type { IssuedSecret } from './issued-secret.ts';
import { KeyCards } from './key-cards.tsx';
import { KeyDialogs } from './key-dialogs.tsx';
import type { KeyListState } from './key-list-search.ts';
import { activityQuery, keyListQuery, refreshKeys } from './key-queries.ts';
import type { KeyRow } from './key-row.ts';
import { KeySortSelect } from './key-sort.tsx';
import { KeyTable } from './key-table.tsx';
import { KeyToolbar } from './key-toolbar.tsx';
import { keyViews } from './presets.ts';
import { noActivity, sumByHour } from './sparkline.tsx';
import { useIssuedSecret } from './use-issued-secret.ts';
import { useKeySwitch } from './use-key-actions.ts';

const FoundSecretDialog = lateDialog(
  async () => (await import('./found-secret-dialog.tsx')).FoundSecretDialog,
);

/** So many columns have room beside each other on a tablet, whatever is in them. */
const mostInTablet = 7;

interface KeyManagerProps extends KeyListState {
  /** Only the keys that are bound to it; null: all of the project. */
  channel: Channel | null;
  /** What stands above, with the button that makes keys; where the project's own list is empty, that has the button. */
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
  const [issued, setIssued] = useIssuedSecret();
  const [found, setFound] = useState<string | null>(null);
  const quick = useQuickCreate(channel, setIssued);
  const columns = useMemo(
    () => view.columns.filter((id) => id !== 'owner' || canOperate),
    [view, canOperate],
  );
  const isWide = useIsWide(columns.length > mostInTablet ? 1280 : channel === null ? 768 : 1024);
  const selected = keys?.filter(({ id }) => selection[id]) ?? [];
  const isFiltered = Boolean(search.q || search.status || search.owner);
  const create = view.asks === 'nothing' ? quick.create : () => change({ dialog: 'create' }, true);
  const createButton = <CreateButton channel={channel} isBusy={quick.isBusy} onCreate={create} />;
  const sort = search.sort ?? '-createdAt';
  const onSort = (wanted: KeySort) => change({ sort: wanted }, true);
  const isEmpty = keys?.length === 0;
  const isBare = isEmpty && !isFiltered && search.cursor === undefined;
  // In a dialog the table is there from the start, with nothing in it.
  const showsEmptyTable = isBare && channel !== null && isWide;

  return (
    <>
      {header(channel === null && (keys === undefined || isBare) ? null : createButton)}
      <section
        aria-label={t('keys.title')}
        // The page gives it more room than it has for texts and forms.
        data-wide={channel === null || undefined}
        className="overflow-hidden rounded-2xl border border-line bg-surface"
      >
        {!isBare && (
          <KeyToolbar search={search} change={change} onSecret={setFound}>
            {!isWide && <KeySortSelect columns={columns} sort={sort} onSort={onSort} />}
          </KeyToolbar>
        )}
        {list.isError && !keys ? (
          <ListFailure
            title={t('keys.notLoaded')}
            error={list.error}
            onRetry={() => void list.refetch()}
            onFirstPage={() => change({ cursor: undefined })}
          />
        ) : keys === undefined ? (
          <ListSkeleton />
        ) : isEmpty && !showsEmptyTable ? (
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
              {channel === null && createButton}
            </EmptyState>
          )
        ) : isWide ? (
          <KeyTable
            rows={rows}
            view={view}
            columns={columns}
            sort={sort}
            onSort={onSort}
            selection={selection}
            onSelect={setSelection}
            isStale={list.isPlaceholderData}
            whenEmpty={<EmptyRow />}
          />
        ) : (
          <KeyCards rows={rows} view={view} columns={columns} selection={selection} onSelect={setSelection} />
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
      <BulkBar keys={selected} onClear={() => setSelection({})} />
      <KeyDialogs
        search={search}
        change={change}
        channel={channel}
        keys={keys ?? []}
        issued={issued}
        onIssued={setIssued}
      />
      {found && <FoundSecretDialog secret={found} onClose={() => setFound(null)} />}
    </>
  );
}

function EmptyRow() {
  const t = useText();
  return (
    <div className="px-6 py-10 text-center">
      <p className="font-medium">{t('keys.empty')}</p>
      <p className="mt-1 text-muted">{t('keys.emptyChannel')}</p>
    </div>
  );
}

function useRows(
  keys: readonly Key[] | undefined,
  { change, channel }: Pick<KeyManagerProps, 'change' | 'channel'>,
): KeyRow[] {
  const { project } = useProject();
  const view = keyViews[project.preset];
  const { running, switchKey } = useKeySwitch();
  const showsActivity = view.columns.includes('activity');
  const ids = useMemo(() => (showsActivity ? (keys ?? []).map(({ id }) => id) : []), [keys, showsActivity]);
  const { data: usage } = useQuery(activityQuery(project.id, ids));
  const owners = (keys ?? []).map(({ ownerId }) => ownerId);
  const nameOf = useNames(owners, view.columns.includes('owner'));
  const asksFirst = channel?.policy.confirmToggle ?? project.policy.confirmToggle;
  return useMemo(() => {
    const byHour = sumByHour(usage?.buckets ?? []);
    return (keys ?? []).map((k) => ({
      k,
      ownerName: k.ownerId === null ? null : nameOf(k.ownerId),
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
  }, [keys, usage, nameOf, running, view, asksFirst, change, switchKey]);
}

/** Where nothing is asked for, a click makes the key. */
function useQuickCreate(channel: Channel | null, onIssued: (issued: IssuedSecret) => void) {
  const t = useText();
  const current = useProject();
  const [isBusy, setBusy] = useState(false);
  const attempt = useRef(newAttempt());
  const create = useCallback(async () => {
    setBusy(true);
    try {
      const body = {
        ...defaultOwner(current, channel?.id ?? null),
        ...(channel && { channelId: channel.id }),
      };
      onIssued(await createKey(current.project.id, body, attempt.current));
      attempt.current = newAttempt();
    } catch (error) {
      attempt.current = attemptAfter(error, attempt.current);
      if (wasAnswerLost(error)) refreshKeys(current.project.id);
      notifyFailure(t(wasAnswerLost(error) ? 'keys.createdButLost' : 'keys.notCreated'), error);
    } finally {
      setBusy(false);
    }
  }, [current, channel, onIssued, t]);
  return { create, isBusy };
}
