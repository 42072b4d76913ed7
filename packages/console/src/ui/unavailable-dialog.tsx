import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogButtons } from './dialog.tsx';

interface UnavailableDialogProps {
  title: string;
  text: string;
  /** Absent where asking again would tell the same. */
  onRetry?: (() => void) | undefined;
  /** Takes the dialog out of the address. */
  onClose(): void;
}

/** In place of a dialog about something that the address names and that is not to be had. */
export function UnavailableDialog({ title, text, onRetry, onClose }: UnavailableDialogProps) {
  const t = useText();
  return (
    <Dialog open width="narrow" title={title} description={text} onClose={onClose}>
      <DialogButtons>
        {onRetry && <Button onClick={onRetry}>{t('retry')}</Button>}
        <Button look="primary" onClick={onClose}>
          {t('close')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
