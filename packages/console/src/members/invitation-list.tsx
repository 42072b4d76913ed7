import type { Invitation } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Clock, Mail, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListFailure } from '../ui/list-failure.tsx';
import { ListSkeleton } from '../ui/list-skeleton.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { type IssuedLink, invite } from './issued-link.ts';
import { invitationListQuery } from './member-queries.ts';
import type { ChangeMembersSearch, MembersSearch } from './members-search.ts';
import { RoleBadge } from './role-badge.tsx';

interface InvitationListProps {
  search: MembersSearch;
  change: ChangeMembersSearch;
  onIssued(issued: IssuedLink): void;
}

/** The invitations that nobody has accepted yet. */
export function InvitationList({ search, change, onIssued }: InvitationListProps) {
  const t = useText();
  const { project } = useProject();
  const list = useQuery(invitationListQuery(project.id, search.invitations));
  const invitations = list.data?.items;
  const onFirstPage = () => change({ invitations: undefined });
  const isBare = invitations?.length === 0 && search.invitations === undefined;
  return (
    <section aria-labelledby="invitations-title" className="mt-8">
      <h2 id="invitations-title" className="mb-3 text-base font-semibold">
        {t('invitations.title')}
      </h2>
      <div className="overflow-hidden rounded-2xl border border-line bg-surface">
        {list.isError && !invitations ? (
          <ListFailure
            title={t('invitations.notLoaded')}
            error={list.error}
            onRetry={() => void list.refetch()}
            onFirstPage={onFirstPage}
          />
        ) : invitations === undefined ? (
          <ListSkeleton />
        ) : isBare ? (
          <p className="px-4 py-5 text-muted">{t('invitations.empty')}</p>
        ) : invitations.length === 0 ? (
          <EmptyState icon={<Mail />} title={t('invitations.nothingHere')}>
            <Button onClick={onFirstPage}>{t('page.first')}</Button>
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                change={change}
                onIssued={onIssued}
              />
            ))}
          </ul>
        )}
        {list.data && !isBare && (
          <Pagination
            label={t('invitations.pages')}
            page={list.data.page}
            onPage={(cursor) => change({ invitations: cursor }, true)}
          />
        )}
      </div>
    </section>
  );
}

interface InvitationRowProps extends Pick<InvitationListProps, 'change' | 'onIssued'> {
  invitation: Invitation;
}

function InvitationRow({ invitation, change, onIssued }: InvitationRowProps) {
  const t = useText();
  const { project, canOwn } = useProject();
  const { id, email, role, expiresAt } = invitation;
  const [isBusy, setBusy] = useState(false);
  const makeAnew = async () => {
    setBusy(true);
    try {
      onIssued(await invite(project.id, { email, role }));
    } catch (error) {
      notifyFailure(t('invitations.notMade', { email }), error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li data-invitation-id={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="truncate font-medium" title={email}>
          {email}
        </p>
        <Expiry time={expiresAt} />
      </div>
      <RoleBadge role={role} />
      {canOwn && (
        <span className="flex flex-wrap gap-2">
          <Button
            size="small"
            isBusy={isBusy}
            aria-label={t('invitations.anewNamed', { email })}
            onClick={makeAnew}
          >
            <RotateCw aria-hidden />
            {t('invitations.anew')}
          </Button>
          <Button
            size="small"
            aria-label={t('invitations.takeBackNamed', { email })}
            onClick={() => change({ dialog: 'takeBack', invitation: id }, true)}
          >
            {t('invitations.takeBack')}
          </Button>
        </span>
      )}
    </li>
  );
}

function Expiry({ time }: { time: string }) {
  const t = useText();
  const isOver = Date.parse(time) <= Date.now();
  const when = formatRelative(time);
  return (
    <p className={`text-[0.8125rem] ${isOver ? 'text-warn' : 'text-muted'}`}>
      <time dateTime={time} title={formatDateTime(time)} className="inline-flex items-center gap-1.5">
        <Clock className="size-3.5" aria-hidden />
        {t(isOver ? 'invitations.expired' : 'invitations.expires', { when })}
      </time>
    </p>
  );
}
