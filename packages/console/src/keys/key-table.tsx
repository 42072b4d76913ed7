import type { KeySort } from '@keywright/contract';
import {
  createColumnHelper,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useText } from '../text/text.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { cn } from '../ui/class-names.ts';
import { KeyCell } from './key-cell.tsx';
import type { KeyRow } from './key-row.ts';
import { useKeyTitle } from './key-title.ts';
import type { ColumnId, KeyView } from './presets.ts';

const features = tableFeatures({ rowSelectionFeature });
const column = createColumnHelper<typeof features, KeyRow>();

/** The columns by which the list can be sorted, and what the API calls them. */
export const sortFields = [
  { id: 'name', field: 'name' },
  { id: 'created', field: 'createdAt' },
  { id: 'lastUsed', field: 'lastUsedAt' },
  { id: 'expires', field: 'expiresAt' },
] as const satisfies readonly { id: ColumnId; field: KeySort }[];

/**
 * What may be of any length has a share of the table instead of the width of what is in it: it is cut off before anything
 * beside it is. A time that counts on moves nothing.
 */
const columnClasses: Partial<Record<ColumnId, string>> = {
  name: 'w-[28%] max-w-0 min-w-36',
  description: 'w-[40%] max-w-0 min-w-28',
  owner: 'w-[16%] max-w-0 min-w-20',
  lastUsed: 'min-w-30',
  expires: 'min-w-27',
};
const cellClass = 'px-1.5 min-[1400px]:px-2 first:pl-4 last:pr-4';

interface KeyTableProps {
  rows: readonly KeyRow[];
  view: KeyView;
  columns: readonly ColumnId[];
  sort: KeySort;
  onSort(sort: KeySort): void;
  selection: RowSelectionState;
  onSelect(selection: RowSelectionState): void;
  /** The rows are those of before, until what was asked for is there. */
  isStale: boolean;
  /** What stands in the table when it has no rows. */
  whenEmpty?: ReactNode;
}

/** The keys as rows. The place to select stands in the first column, so that a preset has no more than its own. */
export function KeyTable(props: KeyTableProps) {
  const { rows, view, columns, sort, onSort, selection, onSelect, isStale, whenEmpty } = props;
  const t = useText();
  const titleOf = useKeyTitle();
  const definitions = useMemo(
    () =>
      columns.map((id, index) =>
        column.display({
          id,
          cell: ({ row }) => <KeyCell row={row.original} id={id} view={view} isFirst={index === 0} />,
        }),
      ),
    [columns, view],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as KeyRow[],
    getRowId: ({ k }) => k.id,
    state: { rowSelection: selection },
    onRowSelectionChange: (update) => onSelect(typeof update === 'function' ? update(selection) : update),
  });
  return (
    <div className="overflow-x-auto">
      <table className={cn('w-full border-collapse text-left transition-opacity', isStale && 'opacity-60')}>
        <thead>
          <tr className="border-b border-line text-[0.8125rem] text-muted">
            {columns.map((id, index) => (
              <th
                key={id}
                scope="col"
                className={cn(
                  cellClass,
                  'py-2.5 font-medium whitespace-nowrap',
                  columnClasses[id],
                  id === 'actions' && 'text-right',
                )}
                aria-sort={sortStateOf(id, sort)}
              >
                <span
                  className={cn(
                    'inline-flex items-center gap-3 align-middle',
                    id === 'actions' && 'justify-end',
                  )}
                >
                  {index === 0 && rows.length > 0 && (
                    <Checkbox
                      label={t('keys.selectAll')}
                      checked={table.getIsAllRowsSelected()}
                      isMixed={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                      onChange={(isOn) => table.toggleAllRowsSelected(isOn)}
                    />
                  )}
                  <HeaderText id={id} sort={sort} onSort={onSort} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && whenEmpty && (
            <tr>
              <td colSpan={columns.length}>{whenEmpty}</td>
            </tr>
          )}
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              data-key-id={row.id}
              className={cn(
                'border-b border-line last:border-0',
                row.getIsSelected() ? 'bg-accent-soft/60' : 'hover:bg-sunken/60',
                row.original.k.status === 'revoked' && 'text-bad',
              )}
            >
              {row.getAllCells().map((cell, index) => (
                <td
                  key={cell.id}
                  className={cn(cellClass, 'py-2.5 align-middle', columnClasses[cell.column.id as ColumnId])}
                >
                  {index === 0 ? (
                    <span className="flex items-center gap-3">
                      <Checkbox
                        label={t('keys.select', { name: titleOf(row.original.k) })}
                        checked={row.getIsSelected()}
                        onChange={(isOn) => row.toggleSelected(isOn)}
                      />
                      <table.FlexRender cell={cell} />
                    </span>
                  ) : (
                    <table.FlexRender cell={cell} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sortFieldOf(column: ColumnId): KeySort | undefined {
  return sortFields.find(({ id }) => id === column)?.field;
}

function sortStateOf(id: ColumnId, sort: KeySort): 'ascending' | 'descending' | 'none' | undefined {
  const field = sortFieldOf(id);
  if (field === undefined) return undefined;
  if (sort === field) return 'ascending';
  return sort === `-${field}` ? 'descending' : 'none';
}

function HeaderText({ id, sort, onSort }: { id: ColumnId } & Pick<KeyTableProps, 'sort' | 'onSort'>) {
  const t = useText();
  const field = sortFieldOf(id);
  if (field === undefined) return t(`keys.column.${id}`);
  const state = sortStateOf(id, sort);
  const Icon = state === 'ascending' ? ArrowUp : state === 'descending' ? ArrowDown : ChevronsUpDown;
  return (
    <button
      type="button"
      className="inline-flex items-center gap-1 rounded hover:text-ink"
      onClick={() => onSort((state === 'descending' ? field : `-${field}`) as KeySort)}
    >
      {t(`keys.column.${id}`)}
      <Icon className={cn('size-3.5', state === 'none' && 'opacity-50')} aria-hidden />
    </button>
  );
}
