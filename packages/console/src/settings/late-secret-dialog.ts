import { lateDialog } from '../ui/late.tsx';

/** What makes a service key loads this first: what cannot be shown must not be made. */
export const SecretDialog = lateDialog(
  async () => (await import('./service-key-secret-dialog.tsx')).ServiceKeySecretDialog,
);
