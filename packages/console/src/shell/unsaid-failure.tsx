import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { FailureDetail } from '../ui/notify.tsx';
import { keepUnsaid, useUnsaid } from '../ui/unsaid.ts';

/** Where notifications stand, without their code: what failed before that was there. It stays until it is dismissed. */
export function UnsaidFailure() {
  const t = useText();
  const unsaid = useUnsaid();
  if (unsaid === null) return null;
  return (
    <div
      role="alert"
      className="fixed inset-x-3 top-[calc(var(--banner-height)+0.75rem)] z-50 rounded-xl border border-line bg-surface p-4 shadow-raised md:inset-x-auto md:top-auto md:right-6 md:bottom-6 md:w-[22rem]"
    >
      <p className="font-medium">{unsaid.what}</p>
      <div className="mt-1 text-[0.8125rem] text-muted">
        <FailureDetail error={unsaid.error} />
      </div>
      <Button size="small" className="mt-3" onClick={() => keepUnsaid(null)}>
        {t('close')}
      </Button>
    </div>
  );
}
