import type { Member } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/class-names.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListFailure } from '../ui/list-failure.tsx';
import { ListSkeleton } from '../ui/list-skeleton.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { useIsWide } from '../ui/use-is-wide.ts';
import { MemberMenu } from './member-menu.tsx';
import { memberListQuery } from './member-queries.ts';
import type { ChangeMembersSearch, MembersSearch } from './members-search.ts';
import { RoleBadge } from './role-badge.tsx';

interface MemberListProps {
  search: MembersSearch;
  change: ChangeMembersSearch;
}

export function MemberList({ search, change }: MemberListProps) {
  const t = useText();
  const { project } = useProject();
  const isWide = useIsWide(1024);
  const list = useQuery(memberListQuery(project.id, search.cursor));
  const members = list.data?.items;
  const onFirstPage = () => change({ cursor: undefined });
  return (
    <section
      aria-label={t('members.title')}
      className="overflow-hidden rounded-2xl border border-line bg-surface"
    >
      {list.isError && !members ? (
        <ListFailure
          title={t('members.notLoaded')}
          error={list.error}
          onRetry={() => void list.refetch()}
          onFirstPage={onFirstPage}
        />
      ) : members === undefined ? (
        <ListSkeleton />
      ) : members.length === 0 ? (
        <EmptyState icon={<Users />} title={t('members.empty')} text={t('members.emptyText')}>
          {search.cursor !== undefined && <Button onClick={onFirstPage}>{t('page.first')}</Button>}
        </EmptyState>
      ) : isWide ? (
        <MemberTable members={members} change={change} isStale={list.isPlaceholderData} />
      ) : (
        <MemberCards members={members} change={change} />
      )}
      {list.data && <Pagination page={list.data.page} onPage={(cursor) => change({ cursor }, true)} />}
    </section>
  );
}

interface MembersProps {
  members: readonly Member[];
  change: ChangeMembersSearch;
}

const columns = ['name', 'email', 'role', 'keys', 'joined', 'actions'] as const;
/** What may be of any length has a share of the width: it is cut off before anything is out of sight. */
const cell = 'px-3 py-2.5 align-middle first:pl-4 last:pr-4';

function MemberTable({ members, change, isStale }: MembersProps & { isStale: boolean }) {
  const t = useText();
  return (
    <div className="relative overflow-x-auto">
      <table className={cn('w-full border-collapse text-left transition-opacity', isStale && 'opacity-60')}>
        <thead>
          <tr className="border-b border-line text-[0.8125rem] text-muted">
            {columns.map((id) => (
              <th
                key={id}
                scope="col"
                className={cn(
                  'px-3 py-2.5 font-medium whitespace-nowrap first:pl-4 last:pr-4',
                  id === 'keys' && 'text-right',
                )}
              >
                {id === 'actions' ? (
                  <span className="sr-only">{t('members.column.actions')}</span>
                ) : (
                  t(`members.column.${id}`)
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr
              key={member.accountId}
              data-member-id={member.accountId}
              className="border-b border-line last:border-0 hover:bg-sunken/60"
            >
              <td className={cn(cell, 'w-2/5 max-w-0')}>
                <MemberName member={member} />
              </td>
              <td className={cn(cell, 'w-3/5 max-w-0')}>
                <span className="block truncate" title={member.email}>
                  {member.email}
                </span>
              </td>
              <td className={cell}>
                <RoleBadge role={member.role} />
              </td>
              <td className={cn(cell, 'text-right tabular-nums')}>
                <KeyCount member={member} />
              </td>
              <td className={cn(cell, 'whitespace-nowrap')}>
                <time dateTime={member.joinedAt} title={formatDateTime(member.joinedAt)}>
                  {formatDate(member.joinedAt)}
                </time>
              </td>
              <td className={cn(cell, 'text-right')}>
                <MemberMenu member={member} change={change} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MemberCards({ members, change }: MembersProps) {
  const t = useText();
  return (
    <ul className="divide-y divide-line">
      {members.map((member) => (
        <li key={member.accountId} data-member-id={member.accountId} className="p-4">
          <div className="flex items-center gap-3">
            <span className="min-w-0 flex-1">
              <MemberName member={member} />
              <span className="block truncate text-[0.8125rem] text-muted" title={member.email}>
                {member.email}
              </span>
            </span>
            <MemberMenu member={member} change={change} />
          </div>
          <dl className="mt-2 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 text-[0.8125rem]">
            <dt className="text-muted">{t('members.column.role')}</dt>
            <dd>
              <RoleBadge role={member.role} />
            </dd>
            {member.keyCount !== null && (
              <>
                <dt className="text-muted">{t('members.column.keys')}</dt>
                <dd className="tabular-nums">
                  <KeyCount member={member} />
                </dd>
              </>
            )}
            <dt className="text-muted">{t('members.column.joined')}</dt>
            <dd>{formatDate(member.joinedAt)}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function MemberName({ member }: { member: Member }) {
  const t = useText();
  const { me } = useProject();
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="min-w-0 truncate font-medium" title={member.name}>
        {member.name}
      </span>
      {member.accountId === me.id && <span className="text-[0.8125rem] text-muted">{t('members.you')}</span>}
    </span>
  );
}

/** How many keys, and the way to them; a dash where that is not for this person to know. */
function KeyCount({ member: { accountId, name, keyCount } }: { member: Member }) {
  const t = useText();
  const { project, canOperate } = useProject();
  if (keyCount === null) return '–';
  const count = keyCount.toLocaleString();
  if (!canOperate || keyCount === 0) return count;
  return (
    <Link
      to="/apikeys"
      search={{ project: project.id, owner: accountId }}
      aria-label={t('members.keysOf', { name, count: keyCount })}
      className="underline underline-offset-4"
    >
      {count}
    </Link>
  );
}
