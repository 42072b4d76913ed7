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
import { type Translate, useText } from '../text/text.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { cn } from '../ui/class-names.ts';
import {
  CreatedCell,
  DescriptionCell,
  DisplayCell,
  ExpiresCell,
  NameCell,
  OwnerCell,
  RelativeTime,
} from './key-cells.tsx';
import { KeyControls, KeySwitch } from './key-controls.tsx';
import type { KeyRow } from './key-row.ts';
import type { ColumnId, KeyView } from './presets.ts';
import { Sparkline } from './sparkline.tsx';
import { StatusBadge } from './status-badge.tsx';

const features = tableFeatures({ rowSelectionFeature });
const column = createColumnHelper<typeof features, KeyRow>();

const sortFields: Partial<Record<ColumnId, string>> = {
  name: 'name',
  created: 'createdAt',
  lastUsed: 'lastUsedAt',
  expires: 'expiresAt',
};

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
  const definitions = useMemo(
    () =>
      columns.map((id, index) =>
        column.display({
          id,
          cell: ({ row }) => <Cell row={row.original} id={id} view={view} isFirst={index === 0} t={t} />,
        }),
      ),
    [columns, view, t],
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
                  'px-3 py-2.5 font-medium whitespace-nowrap first:pl-4 last:pr-4',
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
                'border-b border-line last:border-0 hover:bg-sunken/60',
                row.getIsSelected() && 'bg-accent-soft/60',
                row.original.k.status === 'revoked' && 'text-bad',
              )}
            >
              {row.getAllCells().map((cell, index) => (
                <td key={cell.id} className="px-3 py-2.5 align-middle first:pl-4 last:pr-4">
                  {index === 0 ? (
                    <span className="flex items-center gap-3">
                      <Checkbox
                        label={t('keys.select', { name: row.original.k.name })}
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

function sortStateOf(id: ColumnId, sort: KeySort): 'ascending' | 'descending' | 'none' | undefined {
  const field = sortFields[id];
  if (field === undefined) return undefined;
  if (sort === field) return 'ascending';
  return sort === `-${field}` ? 'descending' : 'none';
}

function HeaderText({ id, sort, onSort }: { id: ColumnId } & Pick<KeyTableProps, 'sort' | 'onSort'>) {
  const t = useText();
  const field = sortFields[id];
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

interface CellProps {
  row: KeyRow;
  id: ColumnId;
  view: KeyView;
  isFirst: boolean;
  t: Translate;
}

function Cell({ row: { k, ownerName, activity, controls }, id, view, isFirst, t }: CellProps): ReactNode {
  switch (id) {
    case 'name':
      return <NameCell k={k} withDescription={!view.columns.includes('description')} />;
    case 'key':
      return (
        <span className="inline-flex items-center gap-2">
          <DisplayCell k={k} isLink={isFirst} />
          {!view.columns.includes('status') && k.status !== 'active' && <StatusBadge status={k.status} />}
        </span>
      );
    case 'description':
      return <DescriptionCell k={k} />;
    case 'owner':
      return <OwnerCell ownerName={ownerName} />;
    case 'created':
      return <CreatedCell k={k} />;
    case 'lastUsed':
      return <RelativeTime time={k.lastUsedAt} never={t('keys.neverUsed')} />;
    case 'expires':
      return <ExpiresCell k={k} />;
    case 'activity':
      return <Sparkline counts={activity} />;
    case 'status':
      return (
        <span className="flex items-center gap-2">
          {view.toggle === 'switch' && k.status !== 'revoked' && k.status !== 'expired' ? (
            <KeySwitch {...controls} />
          ) : (
            <StatusBadge status={k.status} />
          )}
          {!view.columns.includes('actions') && (
            <span className="ml-auto">
              <KeyControls {...controls} />
            </span>
          )}
        </span>
      );
    case 'actions':
      return <KeyControls {...controls} />;
  }
}
