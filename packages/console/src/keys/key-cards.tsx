import type { RowSelectionState } from '@tanstack/react-table';
import { useText } from '../text/text.tsx';
import { formatDate, formatRelative } from '../text/times.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { DisplayCell, ExpiresCell, NameCell } from './key-cells.tsx';
import { KeyControls, KeySwitch } from './key-controls.tsx';
import type { KeyRow } from './key-row.ts';
import type { KeyView } from './presets.ts';
import { StatusBadge } from './status-badge.tsx';

interface KeyCardsProps {
  rows: readonly KeyRow[];
  view: KeyView;
  selection: RowSelectionState;
  onSelect(selection: RowSelectionState): void;
}

/** The keys as cards, for screens on which a table has no room. */
export function KeyCards({ rows, view, selection, onSelect }: KeyCardsProps) {
  return (
    <ul className="divide-y divide-line">
      {rows.map((row) => (
        <Card
          key={row.k.id}
          row={row}
          view={view}
          isSelected={selection[row.k.id] ?? false}
          onSelect={(isOn) =>
            onSelect(isOn ? { ...selection, [row.k.id]: true } : without(selection, row.k.id))
          }
        />
      ))}
    </ul>
  );
}

interface CardProps {
  row: KeyRow;
  view: KeyView;
  isSelected: boolean;
  onSelect(isOn: boolean): void;
}

function Card({ row: { k, ownerName, controls }, view, isSelected, onSelect }: CardProps) {
  const t = useText();
  const hasButtons = view.toggle === 'buttons' || view.endingsAs === 'buttons';
  const hasSwitch = view.toggle === 'switch' && k.status !== 'revoked' && k.status !== 'expired';
  return (
    <li data-key-id={k.id} className="relative p-4">
      <div className="flex items-center gap-3">
        <Checkbox label={t('keys.select', { name: k.name })} checked={isSelected} onChange={onSelect} />
        <span className="min-w-0 flex-1">
          <NameCell k={k} withDescription />
        </span>
        {hasSwitch ? <KeySwitch {...controls} /> : <StatusBadge status={k.status} />}
      </div>
      <dl className="mt-3 grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1.5 pl-7.5 text-[0.8125rem]">
        <dt className="text-muted">{t('keys.column.key')}</dt>
        <dd className="min-w-0">
          {/* A public id may be wider than the card. */}
          <DisplayCell k={k} isLink={false} wraps />
        </dd>
        {ownerName !== null && view.columns.includes('owner') && (
          <>
            <dt className="text-muted">{t('keys.column.owner')}</dt>
            <dd className="truncate">{ownerName}</dd>
          </>
        )}
        <dt className="text-muted">{t('keys.column.created')}</dt>
        <dd>{formatDate(k.createdAt)}</dd>
        <dt className="text-muted">{t('keys.column.lastUsed')}</dt>
        <dd>{k.lastUsedAt === null ? t('keys.neverUsed') : formatRelative(k.lastUsedAt)}</dd>
        {view.columns.includes('expires') && (
          <>
            <dt className="text-muted">{t('keys.column.expires')}</dt>
            <dd>
              <ExpiresCell k={k} />
            </dd>
          </>
        )}
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
