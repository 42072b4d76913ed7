import { lateDialog } from '../ui/late.tsx';

/** What makes a link loads this first: what cannot be shown must not be made. */
export const LinkDialog = lateDialog(async () => (await import('./link-dialog.tsx')).LinkDialog);
