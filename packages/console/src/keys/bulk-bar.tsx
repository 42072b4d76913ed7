import type { BulkAction, Key } from '@keywright/contract';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { lateDialog } from '../ui/late.tsx';
import type { BulkReportOf } from './bulk-dialog.tsx';

const BulkDialog = lateDialog(async () => (await import('./bulk-dialog.tsx')).BulkDialog);
const BulkReport = lateDialog(async () => (await import('./bulk-dialog.tsx')).BulkReport);

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
  // It stays when the keys are gone from the list, and with them the selection.
  const [report, setReport] = useState<BulkReportOf | null>(null);
  if (report) return <BulkReport {...report} onClose={() => setReport(null)} />;
  if (keys.length === 0) return null;
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
          onClose={() => setAction(null)}
          onDone={(done) => {
            setReport(done);
            onClear();
          }}
        />
      )}
    </>
  );
}
