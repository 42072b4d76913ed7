import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useText } from '../text/text.tsx';

interface NarrowMenuProps {
  children: ReactNode;
  onClose(): void;
}

/** The sidebar of a narrow screen, over the page. */
export function NarrowMenu({ children, onClose }: NarrowMenuProps) {
  const t = useText();
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-black/45" />
        <Dialog.Popup
          aria-label={t('nav.label')}
          className="fixed inset-y-0 left-0 z-30 flex w-72 max-w-[85vw] animate-enter flex-col overflow-y-auto border-r border-line bg-surface outline-none"
        >
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
