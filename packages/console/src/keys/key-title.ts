import type { Key } from '@keywright/contract';

/** The secret as it may be shown: a pair's public id in full, else its beginning and end. */
export function keyDisplay(key: Pick<Key, 'format' | 'publicId' | 'display'>): string {
  return (key.format === 'pair' ? key.publicId : key.display) ?? '…';
}
