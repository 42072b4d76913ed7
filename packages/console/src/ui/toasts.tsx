import { useEffect, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Toaster, toast } from 'sonner';
import { useIsWide } from './use-is-wide.ts';

let isShown = false;
/** Of the first one from the edge of the window, and how much of each further one looks out from under it, in pixels. */
const distance = 12;
const gap = 14;

/** Puts the place for notifications on the page, outside of what is being shown there, and answers what fills it. */
export function showToasts(): typeof toast {
  if (!isShown) {
    isShown = true;
    const home = document.createElement('div');
    document.body.append(home);
    // At once: what is said before anybody listens is lost.
    flushSync(() => createRoot(home).render(<Toasts home={home} />));
  }
  return toast;
}

function Toasts({ home }: { home: HTMLElement }) {
  const theme = useSyncExternalStore(followTheme, () => document.documentElement.dataset.theme);
  const isWide = useIsWide(768);
  useEffect(() => (isWide ? undefined : makeRoomFor(home)), [home, isWide]);
  return (
    <Toaster
      theme={theme === 'dark' ? 'dark' : 'light'}
      // On a phone the buttons of a dialog are at the bottom, and one may be the way past a secret.
      position={isWide ? 'bottom-right' : 'top-center'}
      closeButton
      gap={gap}
      mobileOffset={distance}
      offset={isWide ? 24 : distance}
      visibleToasts={5}
      toastOptions={{ className: 'font-sans' }}
    />
  );
}

/** Keeps a dialog below what is at the top of the window, so that its title is in sight. @returns what ends it */
function makeRoomFor(home: HTMLElement): () => void {
  const { style } = document.documentElement;
  const tell = () => style.setProperty('--notices-height', `${heightOf(home)}px`);
  const observer = new MutationObserver(tell);
  observer.observe(home, { subtree: true, childList: true, attributeFilter: ['style'] });
  tell();
  return () => {
    observer.disconnect();
    style.removeProperty('--notices-height');
  };
}

function heightOf(home: HTMLElement): number {
  const list = home.querySelector('ol');
  if (list === null) return 0;
  const front = Number.parseFloat(list.style.getPropertyValue('--front-toast-height')) || 0;
  return distance + front + (list.childElementCount - 1) * gap;
}

function followTheme(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
