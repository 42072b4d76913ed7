import type { ReactNode } from 'react';
import { useText } from '../text/text.tsx';
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

interface KeyCellProps {
  row: KeyRow;
  id: ColumnId;
  view: KeyView;
  isFirst: boolean;
}

/** What a column of the view says of a key, in a row or on a card. */
export function KeyCell({ row, id, view, isFirst }: KeyCellProps): ReactNode {
  const t = useText();
  const { k, ownerName, activity, controls } = row;
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
          <KeyStatus row={row} view={view} />
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

/** As a switch where the view has one and it can be used, else as a word. */
export function KeyStatus({ row: { k, controls }, view }: Pick<KeyCellProps, 'row' | 'view'>) {
  const canSwitch = view.toggle === 'switch' && k.status !== 'revoked' && k.status !== 'expired';
  return canSwitch ? <KeySwitch {...controls} /> : <StatusBadge status={k.status} />;
}
