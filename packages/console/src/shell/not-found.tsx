import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

export function NotFound() {
  const t = useText();
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState icon={<Compass />} title={t('notFound.title')} text={t('notFound.text')}>
        <Link to="/apikeys" className={buttonClass('primary')}>
          {t('notFound.home')}
        </Link>
      </EmptyState>
    </main>
  );
}
