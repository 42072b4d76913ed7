import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { explainError } from '../ui/notify.tsx';

interface ChannelUnavailableProps {
  /** null: it is one of another project. */
  error: Error | null;
  onRetry(): void;
  onClose(): void;
}

/** In place of a dialog about a channel that the address names and that is not to be had. */
export function ChannelUnavailable({ error, onRetry, onClose }: ChannelUnavailableProps) {
  const t = useText();
  return (
    <Dialog
      open
      width="narrow"
      title={t('channels.unavailable')}
      description={error ? explainError(error) : t('channels.ofOther')}
      onClose={onClose}
    >
      <DialogButtons>
        {error && <Button onClick={onRetry}>{t('retry')}</Button>}
        <Button look="primary" onClick={onClose}>
          {t('close')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
