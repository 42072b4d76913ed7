import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Toaster, toast } from 'sonner';
import { useIsWide } from './use-is-wide.ts';

let isShown = false;

/** Puts the place for notifications on the page, outside of what is being shown there, and answers what fills it. */
export function showToasts(): typeof toast {
  if (!isShown) {
    isShown = true;
    const home = document.createElement('div');
    document.body.append(home);
    // At once: what is said before anybody listens is lost.
    flushSync(() => createRoot(home).render(<Toasts />));
  }
  return toast;
}

function Toasts() {
  const theme = useSyncExternalStore(followTheme, () => document.documentElement.dataset.theme);
  const isWide = useIsWide(768);
  return (
    <Toaster
      theme={theme === 'dark' ? 'dark' : 'light'}
      // On a phone the buttons of a dialog are at the bottom, and one may be the way past a secret.
      position={isWide ? 'bottom-right' : 'top-center'}
      closeButton
      visibleToasts={5}
      toastOptions={{ className: 'font-sans' }}
    />
  );
}

function followTheme(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
