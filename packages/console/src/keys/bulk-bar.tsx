import type { BulkAction, Key } from '@keywright/contract';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { lateAnswer } from '../ui/late.tsx';

const BulkDialog = lateAnswer(
  async () => (await import('./bulk-dialog.tsx')).BulkDialog,
  ({ onClose }) => onClose(false),
);

interface BulkBarProps {
  /** Those that are selected. */
  keys: readonly Key[];
  onClear(): void;
}

const actions: readonly BulkAction[] = ['activate', 'deactivate', 'revoke', 'delete'];

/** What can be done to all selected keys at once; it floats over the end of the page. */
export function BulkBar({ keys, onClear }: BulkBarProps) {
  const t = useText();
  const [action, setAction] = useState<BulkAction | null>(null);
  return (
    <>
      <section
        aria-label={t('bulk.label')}
        className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-2xl border border-line bg-surface px-3 py-2 shadow-raised"
      >
        <span className="px-1 font-medium" aria-live="polite">
          {t('bulk.selected', { count: keys.length })}
        </span>
        {actions.map((each) => (
          <Button
            key={each}
            size="small"
            look={each === 'revoke' || each === 'delete' ? 'danger' : 'secondary'}
            onClick={() => setAction(each)}
          >
            {t(`keys.${each}`)}
          </Button>
        ))}
        <Button look="ghost" size="icon" aria-label={t('bulk.clear')} onClick={onClear}>
          <X aria-hidden />
        </Button>
      </section>
      {action && (
        <BulkDialog
          keys={keys}
          action={action}
          onClose={(isDone) => {
            setAction(null);
            if (isDone) onClear();
          }}
        />
      )}
    </>
  );
}
