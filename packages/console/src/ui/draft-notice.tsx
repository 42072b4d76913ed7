import { useText } from '../text/text.tsx';
import type { Draft } from './draft.ts';

/** Says that a form holds what was typed before, and takes that out when it is not wanted. */
export function DraftNotice({ draft }: { draft: Pick<Draft<object>, 'restored' | 'startOver'> }) {
  const t = useText();
  if (draft.restored === null) return null;
  return (
    <p className="mt-2 text-[0.8125rem] text-muted">
      <span role="status">{t('draft.restored')}</span>{' '}
      <button
        type="button"
        className="rounded text-ink underline underline-offset-4"
        onClick={({ currentTarget }) => {
          const form = currentTarget.closest('[role=dialog]')?.querySelector('form');
          draft.startOver();
          // The button goes with what it says.
          (form?.elements[0] as HTMLElement | undefined)?.focus();
        }}
      >
        {t('draft.startOver')}
      </button>
    </p>
  );
}
