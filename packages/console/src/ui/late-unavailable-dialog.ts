import { lateDialog } from './late.tsx';

/** In place of a dialog about something that the address names and that is not to be had. */
export const UnavailableDialog = lateDialog(
  async () => (await import('./unavailable-dialog.tsx')).UnavailableDialog,
);
