import type { Key } from '@keywright/contract';
import { useNavigate } from '@tanstack/react-router';
import {
  Ban,
  EllipsisVertical,
  Pencil,
  Power,
  PowerOff,
  RefreshCw,
  SquareArrowOutUpRight,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { type TextKey, useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { Switch } from '../ui/switch.tsx';
import type { KeyDialog } from './key-list-search.ts';
import { useKeyTitle } from './key-title.ts';
import type { KeyView } from './presets.ts';

export interface KeyControlsProps {
  k: Key;
  view: KeyView;
  /** Switching is under way. */
  isBusy: boolean;
  onToggle(action: 'activate' | 'deactivate'): void;
  onDialog(dialog: KeyDialog): void;
  /** It stands on the key's own page, which needs no way to it. */
  isOwnPage?: boolean;
}

/** A switch that is on while the key is active. What is revoked or expired cannot be switched. */
export function KeySwitch({ k, isBusy, onToggle }: Omit<KeyControlsProps, 'view' | 'onDialog'>) {
  const t = useText();
  const titleOf = useKeyTitle();
  return (
    <span className="inline-flex items-center gap-2.5">
      <Switch
        checked={k.status === 'active'}
        disabled={isBusy || isEnded(k)}
        onChange={(isOn) => onToggle(isOn ? 'activate' : 'deactivate')}
        label={t('keys.switch', { name: titleOf(k) })}
      />
      <span className={k.status === 'active' ? 'font-medium text-good' : 'text-muted'}>
        {t(`keys.status.${k.status}`)}
      </span>
    </span>
  );
}

/** What can be done to a key: as buttons, behind ⋮, or both, as the preset has it. */
export function KeyControls(props: KeyControlsProps) {
  const { k, view, isBusy, isOwnPage = false, onToggle, onDialog } = props;
  const t = useText();
  const titleOf = useKeyTitle();
  return (
    <span className="flex items-center justify-end gap-2">
      {view.toggle === 'buttons' && !isEnded(k) && (
        <Button
          size="small"
          look={k.status === 'inactive' ? 'good' : isOwnPage ? 'secondary' : 'danger'}
          isBusy={isBusy}
          aria-label={t(k.status === 'inactive' ? 'keys.activateNamed' : 'keys.deactivateNamed', {
            name: titleOf(k),
          })}
          onClick={() => onToggle(k.status === 'inactive' ? 'activate' : 'deactivate')}
        >
          {t(k.status === 'inactive' ? 'keys.activate' : 'keys.deactivate')}
        </Button>
      )}
      {isOwnPage && k.status !== 'revoked' && (
        <Button size="small" onClick={() => onDialog('rotate')}>
          <RefreshCw aria-hidden />
          {t('keys.rotate')}
        </Button>
      )}
      {view.endingsAs === 'buttons' &&
        view.endings.map((ending) =>
          ending === 'revoke' && k.status === 'revoked' ? null : (
            <Button
              key={ending}
              size="small"
              aria-label={t(`keys.${ending}Named`, { name: titleOf(k) })}
              onClick={() => onDialog(ending)}
            >
              {ending === 'delete' && <Trash2 aria-hidden />}
              {t(`keys.${ending}`)}
            </Button>
          ),
        )}
      <KeyMenu {...props} />
    </span>
  );
}

function KeyMenu({ k, view, isBusy, isOwnPage = false, onToggle, onDialog }: KeyControlsProps) {
  const t = useText();
  const titleOf = useKeyTitle();
  const navigate = useNavigate();
  const open = () =>
    void navigate({ to: '/apikeys/$keyId', params: { keyId: k.id }, search: { project: k.projectId } });
  const item = (label: TextKey, icon: ReactNode, onSelect: () => void, isDangerous = false): MenuEntry => ({
    label: t(label),
    icon,
    onSelect,
    isDangerous,
  });
  const canChange = k.status !== 'revoked';
  const changes = [
    // Where no name is to be seen there is none to change.
    canChange && view.columns.includes('name') && item('keys.rename', <Pencil />, () => onDialog('rename')),
    canChange && !isOwnPage && item('keys.rotate', <RefreshCw />, () => onDialog('rotate')),
    !isBusy && k.status === 'active' && item('keys.deactivate', <PowerOff />, () => onToggle('deactivate')),
    !isBusy && k.status === 'inactive' && item('keys.activate', <Power />, () => onToggle('activate')),
  ];
  const endings = [
    canChange &&
      view.endings.includes('revoke') &&
      item('keys.revoke', <Ban />, () => onDialog('revoke'), true),
    item('keys.delete', <Trash2 />, () => onDialog('delete'), true),
  ];
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={t('keys.menu', { name: titleOf(k) })}>
          <EllipsisVertical aria-hidden />
        </Button>
      }
      groups={[
        [!isOwnPage && item('keys.open', <SquareArrowOutUpRight />, open), ...changes].filter(
          (entry) => entry !== false,
        ),
        endings.filter((entry) => entry !== false),
      ]}
    />
  );
}

function isEnded({ status }: Key): boolean {
  return status === 'revoked' || status === 'expired';
}
