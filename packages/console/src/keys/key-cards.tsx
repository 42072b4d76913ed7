import type { RowSelectionState } from '@tanstack/react-table';
import { Fragment } from 'react';
import { useText } from '../text/text.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { cn } from '../ui/class-names.ts';
import { KeyCell, KeyStatus } from './key-cell.tsx';
import { KeyControls } from './key-controls.tsx';
import type { KeyRow } from './key-row.ts';
import { useKeyTitle } from './key-title.ts';
import type { ColumnId, KeyView } from './presets.ts';

interface KeyCardsProps {
  rows: readonly KeyRow[];
  view: KeyView;
  columns: readonly ColumnId[];
  selection: RowSelectionState;
  onSelect(selection: RowSelectionState): void;
}

/** The keys as cards, for screens on which a table has no room. */
export function KeyCards({ rows, view, columns, selection, onSelect }: KeyCardsProps) {
  return (
    <ul className="divide-y divide-line">
      {rows.map((row) => (
        <Card
          key={row.k.id}
          row={row}
          view={view}
          columns={columns}
          isSelected={selection[row.k.id] ?? false}
          onSelect={(isOn) =>
            onSelect(isOn ? { ...selection, [row.k.id]: true } : without(selection, row.k.id))
          }
        />
      ))}
    </ul>
  );
}

interface CardProps extends Pick<KeyCardsProps, 'view' | 'columns'> {
  row: KeyRow;
  isSelected: boolean;
  onSelect(isOn: boolean): void;
}

/** The same columns as in the table: the first on top, the others below, each with its name. */
function Card({ row, view, columns, isSelected, onSelect }: CardProps) {
  const t = useText();
  const titleOf = useKeyTitle();
  const { k, ownerName, activity, controls } = row;
  const [first = 'name', ...others] = columns;
  const facts = others.filter((id) => {
    if (id === 'owner') return ownerName !== null;
    if (id === 'activity') return activity.some((requests) => requests > 0);
    return id !== 'status' && id !== 'actions';
  });
  const hasButtons = view.toggle === 'buttons' || view.endingsAs === 'buttons';
  return (
    <li data-key-id={k.id} className="relative p-4">
      <div className="flex items-center gap-3">
        <Checkbox label={t('keys.select', { name: titleOf(k) })} checked={isSelected} onChange={onSelect} />
        <span className="min-w-0 flex-1">
          {/* A name says by itself what it is. */}
          {first !== 'name' && <span className="mr-2 text-muted">{t(`keys.column.${first}`)}</span>}
          <KeyCell row={row} id={first} view={view} isFirst />
        </span>
        {columns.includes('status') && <KeyStatus row={row} view={view} />}
      </div>
      <dl
        className={cn(
          'mt-3 grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5 pl-7.5 text-[0.8125rem] md:grid-cols-[repeat(2,auto_minmax(0,1fr))]',
          !hasButtons && 'pr-10',
        )}
      >
        {facts.map((id) => (
          <Fragment key={id}>
            <dt className="text-muted">{t(`keys.column.${id}`)}</dt>
            <dd className="min-w-0">
              <KeyCell row={row} id={id} view={view} isFirst={false} />
            </dd>
          </Fragment>
        ))}
      </dl>
      {/* A menu alone needs no row of its own. */}
      <div className={hasButtons ? 'mt-3 flex justify-end' : 'absolute right-4 bottom-3'}>
        <KeyControls {...controls} />
      </div>
    </li>
  );
}

function without(selection: RowSelectionState, keyId: string): RowSelectionState {
  const { [keyId]: _, ...rest } = selection;
  return rest;
}
