import { focusManager } from '@tanstack/react-query';

/**
 * Has what is old loaded anew when somebody turns to the window. Two windows beside each other are both in sight all the
 * time: it is the focus that tells, and not only whether the page is visible.
 */
export function lookAgainOnFocus(): void {
  focusManager.setEventListener((look) => {
    const lookAgain = () => look();
    addEventListener('focus', lookAgain);
    document.addEventListener('visibilitychange', lookAgain);
    return () => {
      removeEventListener('focus', lookAgain);
      document.removeEventListener('visibilitychange', lookAgain);
    };
  });
}
