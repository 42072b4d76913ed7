import { lateDialog } from '../ui/late.tsx';

/** What makes a secret loads this first: what cannot be shown must not be made. */
export const SecretDialog = lateDialog(async () => (await import('./secret-dialog.tsx')).SecretDialog, true);
