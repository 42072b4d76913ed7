import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { cn } from './class-names.ts';
import { useDialogOpener } from './dialog-opener.ts';
import { prepareNotices } from './notify.tsx';

interface DialogProps {
  open: boolean;
  /** Asked for by Esc, a click outside or the ×. */
  onClose(): void;
  title: ReactNode;
  description?: ReactNode;
  /** What else is to be said first, with a control in it at most that is not to have the focus. */
  notice?: ReactNode;
  width?: 'narrow' | 'normal' | 'wide';
  /** What has the focus first; else the first control of the content, and the × when that has none. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** Whether what is asked is to be answered: then only its buttons close it. */
  role?: 'dialog' | 'alertdialog';
  children: ReactNode;
}

const widths = { narrow: 'max-w-md', normal: 'max-w-xl', wide: 'max-w-5xl' } as const;

/** A window over the page. It scrolls by itself when the screen is small. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, notice, width = 'normal', initialFocus, role, children } = props;
  const t = useText();
  const opener = useDialogOpener();
  const content = useRef<HTMLDivElement>(null);
  // What fails in here must be told even when the server is away.
  useEffect(prepareNotices, []);
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={role === 'alertdialog'}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Base.Portal>
        {/* Also over a dialog from which this one was opened. */}
        <Base.Backdrop
          forceRender
          className="fixed inset-0 z-40 bg-black/45 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        />
        <Base.Viewport className="fixed inset-0 z-40 grid grid-cols-[minmax(0,1fr)] place-items-center overflow-y-auto p-3 pt-[calc(var(--notices-height)+0.75rem)] sm:p-6 sm:pt-[calc(var(--notices-height)+1.5rem)]">
          <Base.Popup
            {...(role && { role })}
            ref={opener.ref}
            initialFocus={initialFocus ?? (() => findControl(content.current))}
            finalFocus={opener.find}
            className={cn(
              'relative w-full animate-enter rounded-2xl border border-line bg-surface text-ink shadow-raised outline-none',
              widths[width],
            )}
          >
            <header className="px-5 pt-5 wrap-anywhere sm:px-6">
              <Base.Title className="pr-10 text-base font-semibold text-balance">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-muted">{description}</Base.Description>}
              {notice}
              <Base.Close
                render={
                  <Button
                    look="ghost"
                    size="icon"
                    className="absolute top-3.5 right-3 sm:right-4"
                    aria-label={t('close')}
                  />
                }
              >
                <X aria-hidden />
              </Base.Close>
            </header>
            <div ref={content} className="px-5 pt-4 pb-5 sm:px-6 sm:pb-6">
              {children}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** Of radio buttons, the one that is chosen. */
const control =
  ':is(input:not([type=radio]), input:checked, select, textarea, button, a[href]):not(:disabled)';

function findControl(content: HTMLElement | null): HTMLElement | null {
  return content?.querySelector<HTMLElement>(control) ?? null;
}

/** The row of buttons at a dialog's end; on a narrow screen one above the other, the main one on top. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{children}</div>;
}
