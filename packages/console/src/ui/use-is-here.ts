import { useCallback, useEffect, useRef } from 'react';

/** @returns whether what asks is still on the page: an answer may come when it was closed long ago */
export function useIsHere(): () => boolean {
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return useCallback(() => isHere.current, []);
}
