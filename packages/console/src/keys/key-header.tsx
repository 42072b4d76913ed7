import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ledgerQuery } from '../activity/ledger-queries.ts';
import { channelQuery } from '../channels/channel-queries.ts';
import { useNames } from '../members/use-members.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Fact } from '../ui/fact.tsx';
import { ExpiresCell } from './key-cells.tsx';
import { KeyControls } from './key-controls.tsx';
import type { KeyDialog } from './key-list-search.ts';
import { keyDisplay, useKeyTitle } from './key-title.ts';
import { keyViews } from './presets.ts';
import { StatusBadge } from './status-badge.tsx';
import { useKeySwitch } from './use-key-actions.ts';

interface KeyHeaderProps {
  k: Key;
  onDialog(dialog: KeyDialog): void;
}

/** What the key is, and what can be done to it. */
export function KeyHeader({ k, onDialog }: KeyHeaderProps) {
  const { project } = useProject();
  const { running, switchKey } = useKeySwitch();
  const title = useKeyTitle()(k);
  const { data: channel } = useQuery({
    ...channelQuery(k.projectId, k.channelId ?? ''),
    enabled: k.channelId !== null,
  });
  const asksFirst = channel?.policy.confirmToggle ?? project.policy.confirmToggle;
  return (
    <>
      <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">{title}</h1>
            <StatusBadge status={k.status} />
          </div>
          {k.description && k.description !== title && (
            <p className="mt-1 max-w-3xl break-words whitespace-pre-line text-muted">{k.description}</p>
          )}
        </div>
        <KeyControls
          k={k}
          // The menu of a preset may leave an ending out; whoever looks at one key finds all that can be done.
          view={{
            ...keyViews[project.preset],
            toggle: 'buttons',
            endings: ['revoke', 'delete'],
            endingsAs: 'menu',
          }}
          isBusy={running.has(k.id)}
          isOwnPage
          onToggle={(action) => (asksFirst ? onDialog(action) : void switchKey(k, action))}
          onDialog={onDialog}
        />
      </header>
      <KeyFacts k={k} channelName={channel?.name ?? k.channelId} />
    </>
  );
}

function KeyFacts({ k, channelName }: { k: Key; channelName: string | null }) {
  const t = useText();
  const title = useKeyTitle()(k);
  const { me } = useProject();
  const nameOf = useNames([k.ownerId, k.createdBy]);
  const maker = useMaker(k);
  return (
    <dl className="mb-6 grid gap-x-6 gap-y-4 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
      <Fact label={t('keyPage.key')}>
        <code className="min-w-0 font-mono text-[0.8125rem] break-all">{keyDisplay(k)}</code>
        {k.publicId && <CopyButton text={k.publicId} label={t('keys.copyPublicId', { name: title })} />}
      </Fact>
      <Fact label={t('keyPage.id')}>
        <code className="min-w-0 font-mono text-[0.8125rem] break-all">{k.id}</code>
        <CopyButton text={k.id} label={t('keyPage.copyId', { name: title })} />
      </Fact>
      <Fact label={t('keys.column.owner')}>
        {k.ownerId === null ? (
          <span className="text-muted">{t('keyPage.noOwner')}</span>
        ) : (
          <span className="min-w-0 break-words">{nameOf(k.ownerId)}</span>
        )}
      </Fact>
      <Fact label={t('keyPage.channel')}>
        {k.channelId === null ? (
          <span className="text-muted">{t('keyPage.noChannel')}</span>
        ) : (
          <Link
            to="/channels/$channelId"
            params={{ channelId: k.channelId }}
            search={{ project: k.projectId }}
            className="min-w-0 break-words underline underline-offset-4"
          >
            {channelName}
          </Link>
        )}
      </Fact>
      <Fact label={t('keys.column.created')}>
        <span className="min-w-0 break-words">
          <time dateTime={k.createdAt}>{formatDateTime(k.createdAt)}</time>{' '}
          <span className="text-muted">
            {k.createdBy === me.id
              ? t('keyPage.createdByMe')
              : t('keyPage.createdBy', { name: maker ?? nameOf(k.createdBy) })}
          </span>
        </span>
      </Fact>
      <Fact label={t('keys.column.expires')}>
        <ExpiresCell k={k} />
      </Fact>
      {k.revokedAt && (
        <Fact label={t('keyPage.revoked')}>
          <span className="min-w-0 break-words">
            <time dateTime={k.revokedAt}>{formatDateTime(k.revokedAt)}</time>
            {k.revokedReason && <span className="block text-muted">{k.revokedReason}</span>}
          </span>
        </Fact>
      )}
    </dl>
  );
}

/** The name of the service key that made the key, as the ledger knows it; null for accounts, and while it is not known. */
function useMaker(k: Key): string | null {
  const { data } = useQuery({
    // By all that it did: a key may have been imported as well as created.
    ...ledgerQuery(k.projectId, { subject: k.id, actor: k.createdBy }, 1),
    enabled: k.createdBy.startsWith('svc_'),
  });
  return data?.items[0]?.actor.name ?? null;
}
