import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { publicInstanceQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';

/** A card in the middle of an otherwise quiet page. */
export function PublicShell() {
  const t = useText();
  const { data: instance } = useSuspenseQuery(publicInstanceQuery);
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-10 sm:justify-center">
      <header className="mb-7 flex items-center gap-3">
        <img src="/icon.svg" alt="" className="size-9" />
        <span className="text-lg font-semibold tracking-tight">{instance.name}</span>
      </header>
      <main className="w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-raised sm:p-7">
        <Outlet />
      </main>
      <footer className="mt-6 flex gap-4 text-[0.8125rem] text-muted">
        {instance.docsUrl && (
          <a className="underline-offset-4 hover:underline" href={instance.docsUrl} rel="noreferrer">
            {t('nav.docs')}
          </a>
        )}
        {instance.supportUrl && (
          <a className="underline-offset-4 hover:underline" href={instance.supportUrl} rel="noreferrer">
            {t('nav.support')}
          </a>
        )}
      </footer>
    </div>
  );
}
