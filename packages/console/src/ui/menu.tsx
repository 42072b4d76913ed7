import { cloneElement, type ReactElement, type ReactNode, useState } from 'react';
import { useText } from '../text/text.tsx';
import { late } from './late.tsx';
import { notifyFailure } from './notify.tsx';

const OpenMenu = late(async () => (await import('./open-menu.tsx')).OpenMenu, { isAhead: true });

export interface MenuEntry {
  label: string;
  icon?: ReactNode;
  /** Of several that exclude each other, the one that holds: what that means in a word. */
  chosen?: string | false;
  isDangerous?: boolean;
  onSelect(): void;
}

interface TriggerProps {
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
  onClick?(): void;
  onPointerEnter?(): void;
  onFocus?(): void;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<TriggerProps>;
  align?: 'start' | 'end';
  /** In groups, with a line between them. */
  groups: readonly (readonly MenuEntry[])[];
}

/**
 * A button with a menu, which is loaded when somebody is about to open one for the first time. Until it is there the
 * button stays as it is, with the focus on it.
 */
export function Menu(props: MenuProps) {
  const t = useText();
  const [isOpened, setOpened] = useState(false);
  if (isOpened) return <OpenMenu {...props} />;
  const prepare = () => void OpenMenu.load().catch(() => null);
  return cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () =>
      void OpenMenu.load().then(
        () => setOpened(true),
        (error: unknown) => notifyFailure(t('late.notOpened'), error),
      ),
    onPointerEnter: prepare,
    onFocus: prepare,
  });
}
