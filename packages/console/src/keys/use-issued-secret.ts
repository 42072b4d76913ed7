import { useCallback } from 'react';
import { useIssued } from '../secret/use-issued.ts';
import { useText } from '../text/text.tsx';
import type { IssuedSecret } from './issued-secret.ts';
import { useKeyTitle } from './key-title.ts';

/** Holds the secret of a key that was just made or rotated. */
export function useIssuedSecret() {
  const t = useText();
  const titleOf = useKeyTitle();
  const sayLost = useCallback(
    ({ key, by }: IssuedSecret) =>
      by === 'create' ? t('keys.createdButLost') : t('rotate.doneButLost', { name: titleOf(key) }),
    [t, titleOf],
  );
  return useIssued(sayLost);
}
