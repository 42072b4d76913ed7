import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode, RefObject } from 'react';

interface TooltipPopupProps {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  text: ReactNode;
  onClose(): void;
}

export function TooltipPopup({ id, anchor, text, onClose }: TooltipPopupProps) {
  return (
    <Tooltip.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={anchor} sideOffset={6} className="pointer-events-none z-50">
          <Tooltip.Popup
            id={id}
            role="tooltip"
            className="max-w-80 animate-enter rounded-lg bg-ink px-2.5 py-1.5 text-[0.8125rem] break-words whitespace-pre-line text-on-ink shadow-raised"
          >
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
