import type { Key } from '@keywright/contract';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshKeys } from './key-queries.ts';
import { useKeyTitle } from './key-title.ts';

type Switch = 'activate' | 'deactivate';

/** Switching keys on and off, with an undo. @returns also which keys are just being switched */
export function useKeySwitch() {
  const t = useText();
  const titleOf = useKeyTitle();
  const [running, setRunning] = useState<ReadonlySet<string>>(new Set());

  const run = async (key: Key, action: Switch, canUndo: boolean): Promise<boolean> => {
    setRunning((set) => new Set(set).add(key.id));
    try {
      await api(`POST /v1/keys/{keyId}/${action}`, { params: { keyId: key.id } });
      const opposite = action === 'activate' ? 'deactivate' : 'activate';
      const undo = { label: t('undo'), onClick: () => void run(key, opposite, false) };
      notifySuccess(
        t(action === 'activate' ? 'keys.activated' : 'keys.deactivated', { name: titleOf(key) }),
        canUndo ? undo : undefined,
      );
      return true;
    } catch (error) {
      notifyFailure(
        t(action === 'activate' ? 'keys.notActivated' : 'keys.notDeactivated', { name: titleOf(key) }),
        error,
      );
      return false;
    } finally {
      setRunning((set) => new Set([...set].filter((id) => id !== key.id)));
      refreshKeys(key.projectId);
    }
  };

  return { running, switchKey: (key: Key, action: Switch) => run(key, action, true) };
}
