import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';

interface FormButtonsProps {
  save: string;
  isDirty: boolean;
  isBusy: boolean;
  onReset(): void;
}

/** At the end of a form of the settings: save, or go back to what is saved. The button keeps the focus when it is done. */
export function FormButtons({ save, isDirty, isBusy, onReset }: FormButtonsProps) {
  const t = useText();
  return (
    <div className="mt-5 flex flex-wrap gap-2">
      <Button type="submit" look="primary" isBusy={isBusy} isBlocked={!isDirty}>
        {save}
      </Button>
      {isDirty && (
        <Button look="ghost" onClick={onReset}>
          {t('settings.reset')}
        </Button>
      )}
    </div>
  );
}
