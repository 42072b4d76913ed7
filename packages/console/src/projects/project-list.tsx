import type { Project } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime } from '../text/times.ts';
import { CellLabel } from '../ui/cell-label.tsx';
import { cn } from '../ui/class-names.ts';

const columns = ['name', 'look', 'keys', 'created'] as const;

/** A table; on a narrow screen its rows become cards. */
export function ProjectList({ items, isStale }: { items: readonly Project[]; isStale: boolean }) {
  const t = useText();
  return (
    <table
      className={cn(
        'w-full border-collapse text-left transition-opacity max-md:block',
        isStale && 'opacity-60',
      )}
    >
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-[0.8125rem] text-muted">
          {columns.map((column) => (
            <th
              key={column}
              scope="col"
              className={cn('px-4 py-2.5 font-medium whitespace-nowrap', column === 'keys' && 'text-right')}
            >
              {t(`projects.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {items.map((project) => (
          <Row key={project.id} project={project} />
        ))}
      </tbody>
    </table>
  );
}

const cell = 'px-4 py-2.5 align-middle max-md:flex max-md:items-baseline max-md:gap-3 max-md:p-0';
const label = 'w-20 md:hidden';

function Row({ project: { id, name, preset, keyCount, createdAt } }: { project: Project }) {
  const t = useText();
  return (
    <tr
      data-project-id={id}
      className="border-b border-line last:border-0 hover:bg-sunken/60 max-md:flex max-md:flex-col max-md:gap-1.5 max-md:p-4"
    >
      <td className={cn(cell, 'w-full max-w-0 max-md:max-w-none')}>
        <Link
          to="/apikeys"
          search={{ project: id }}
          title={name}
          className="block min-w-0 font-medium underline-offset-2 wrap-anywhere hover:underline md:truncate"
        >
          {name}
        </Link>
      </td>
      <td className={cn(cell, 'whitespace-nowrap text-muted')}>
        <CellLabel text={t('projects.column.look')} className={label} />
        {t(`preset.${preset}`)}
      </td>
      <td className={cn(cell, 'text-right tabular-nums')}>
        <CellLabel text={t('projects.column.keys')} className={label} />
        {keyCount.toLocaleString()}
      </td>
      <td className={cell}>
        <CellLabel text={t('projects.column.created')} className={label} />
        <time dateTime={createdAt} title={formatDateTime(createdAt)} className="whitespace-nowrap">
          {formatDate(createdAt)}
        </time>
      </td>
    </tr>
  );
}
