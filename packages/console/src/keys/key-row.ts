import type { Key } from '@keywright/contract';
import type { KeyControlsProps } from './key-controls.tsx';

/** A key with all that a row or card shows of it. */
export interface KeyRow {
  k: Key;
  ownerName: string | null;
  activity: readonly number[];
  controls: KeyControlsProps;
}
