import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

const OpenMenu = lazy(() => import('./open-menu.tsx'));

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

/** A button with a menu, which is loaded when somebody is about to open one for the first time. */
export function Menu(props: MenuProps) {
  const [isWanted, setWanted] = useState(false);
  const load = () => void import('./open-menu.tsx');
  const plain = cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => setWanted(true),
    onPointerEnter: load,
    onFocus: load,
  });
  if (!isWanted) return plain;
  return (
    <Suspense fallback={plain}>
      <OpenMenu {...props} />
    </Suspense>
  );
}
