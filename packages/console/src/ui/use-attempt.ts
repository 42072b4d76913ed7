import { useState } from 'react';
import { notifyFailure } from './notify.tsx';

interface Attempt {
  isBusy: boolean;
  start(): Promise<void>;
}

/**
 * Does what ends with its dialog closed. When it fails that is said, and it can be tried again.
 * @param failure "The passkey was not deleted."
 */
export function useAttempt(act: () => Promise<void>, failure: string): Attempt {
  const [isBusy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      await act();
    } catch (error) {
      notifyFailure(failure, error);
      setBusy(false);
    }
  };
  return { isBusy, start };
}
