import { Link, useRouter } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { lastListSearch, returnToList } from './list-return.ts';

/** Back to the list as it was left: through the history where one came from there, else to the same address. */
export function BackToList({ projectId }: { projectId: string }) {
  const t = useText();
  const { history } = useRouter();
  return (
    <Link
      to="/apikeys"
      search={lastListSearch(projectId)}
      className="mb-3 inline-flex items-center gap-1.5 rounded text-muted hover:text-ink"
      onClick={(event) => {
        const isPlain =
          event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
        if (isPlain && returnToList(history, projectId)) event.preventDefault();
      }}
    >
      <ArrowLeft className="size-4" aria-hidden />
      {t('keyPage.back')}
    </Link>
  );
}
