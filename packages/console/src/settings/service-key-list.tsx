import type { ServiceKey } from '@keywright/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { EllipsisVertical, RefreshCw, Trash2 } from 'lucide-react';
import { allProjectsQuery, projectQuery } from '../api/queries.ts';
import { RelativeTime } from '../keys/key-cells.tsx';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { CellLabel } from '../ui/cell-label.tsx';
import { cn } from '../ui/class-names.ts';
import { Menu } from '../ui/menu.tsx';

interface ServiceKeyListProps {
  items: readonly ServiceKey[];
  /** Whether to say which project each is for. */
  showsProject: boolean;
  onDialog(dialog: 'rotate' | 'delete', serviceKeyId: string): void;
}

const columns = ['name', 'key', 'for', 'scopes', 'lastUsed', 'expires'] as const;

/** A table; on a narrow screen its rows become cards. */
export function ServiceKeyList({ items, showsProject, onDialog }: ServiceKeyListProps) {
  const t = useText();
  const shown = columns.filter((column) => column !== 'for' || showsProject);
  return (
    <table className="w-full border-collapse text-left max-xl:block">
      <thead className="max-xl:sr-only">
        <tr className="border-b border-line text-[0.8125rem] text-muted">
          {shown.map((column) => (
            <th key={column} scope="col" className="px-3 py-2.5 font-medium whitespace-nowrap first:pl-6">
              {t(`serviceKeys.column.${column}`)}
            </th>
          ))}
          <th scope="col" className="py-2.5 pr-4 pl-3">
            <span className="sr-only">{t('serviceKeys.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody className="max-xl:block">
        {items.map((item) => (
          <Row key={item.id} item={item} showsProject={showsProject} onDialog={onDialog} />
        ))}
      </tbody>
    </table>
  );
}

const cell = 'px-3 py-2.5 align-middle max-xl:flex max-xl:items-baseline max-xl:gap-3 max-xl:p-0';
const label = 'w-20 xl:hidden';

function Row({ item, showsProject, onDialog }: Omit<ServiceKeyListProps, 'items'> & { item: ServiceKey }) {
  const t = useText();
  return (
    <tr
      data-service-key-id={item.id}
      className="border-b border-line last:border-0 max-xl:relative max-xl:flex max-xl:flex-col max-xl:gap-1.5 max-xl:p-4"
    >
      <td className={cn(cell, 'font-medium max-xl:pr-10! xl:pl-6')}>
        <span
          title={item.name}
          className="min-w-0 break-words xl:inline-block xl:max-w-56 xl:truncate xl:align-bottom"
        >
          {item.name}
        </span>
      </td>
      <td className={cell}>
        <CellLabel text={t('serviceKeys.column.key')} className={label} />
        <code className="font-mono text-[0.8125rem] whitespace-nowrap">{item.display}</code>
      </td>
      {showsProject && (
        <td className={cell}>
          <CellLabel text={t('serviceKeys.column.for')} className={label} />
          <ProjectName projectId={item.projectId} />
        </td>
      )}
      <td className={cell}>
        <CellLabel text={t('serviceKeys.column.scopes')} className={label} />
        <span className="flex flex-wrap gap-1">
          {item.scopes.map((scope) => (
            <code
              key={scope}
              className={cn(
                'rounded px-1.5 py-0.5 font-mono text-xs whitespace-nowrap',
                scope === 'admin' ? 'bg-warn-soft text-warn' : 'bg-sunken',
              )}
            >
              {scope}
            </code>
          ))}
        </span>
      </td>
      <td className={cell}>
        <CellLabel text={t('serviceKeys.column.lastUsed')} className={label} />
        <RelativeTime time={item.lastUsedAt} never={t('serviceKeys.never')} />
      </td>
      <td className={cell}>
        <CellLabel text={t('serviceKeys.column.expires')} className={label} />
        <Expiry expiresAt={item.expiresAt} />
      </td>
      <td className="py-2.5 pr-4 pl-3 text-right max-xl:absolute max-xl:top-2.5 max-xl:right-3 max-xl:p-0">
        <Menu
          trigger={
            <Button look="ghost" size="icon" aria-label={t('serviceKeys.menu', { name: item.name })}>
              <EllipsisVertical aria-hidden />
            </Button>
          }
          groups={[
            [
              {
                label: t('serviceKeys.rotate'),
                icon: <RefreshCw />,
                onSelect: () => onDialog('rotate', item.id),
              },
            ],
            [
              {
                label: t('serviceKeys.delete'),
                icon: <Trash2 />,
                isDangerous: true,
                onSelect: () => onDialog('delete', item.id),
              },
            ],
          ]}
        />
      </td>
    </tr>
  );
}

function ProjectName({ projectId }: { projectId: string | null }) {
  const t = useText();
  const { data: all, isSuccess } = useInfiniteQuery(allProjectsQuery);
  const listed = all?.find(({ id }) => id === projectId);
  const isOther = isSuccess && projectId !== null && !listed;
  const { data: other } = useQuery({ ...projectQuery(projectId ?? ''), enabled: isOther });
  if (projectId === null) return <span className="whitespace-nowrap">{t('serviceKeys.forInstance')}</span>;
  const name = (listed ?? other)?.name;
  return <span className="inline-block max-w-44 truncate align-bottom">{name ?? projectId}</span>;
}

function Expiry({ expiresAt }: { expiresAt: string | null }) {
  const t = useText();
  if (expiresAt === null) return <span className="text-muted">{t('serviceKeys.never')}</span>;
  const isOver = Date.parse(expiresAt) <= Date.now();
  return (
    <time
      dateTime={expiresAt}
      title={formatDateTime(expiresAt)}
      className={cn('whitespace-nowrap', isOver && 'font-medium text-warn')}
    >
      {isOver && `${t('serviceKeys.expired')} · `}
      {formatDate(expiresAt)}
    </time>
  );
}
