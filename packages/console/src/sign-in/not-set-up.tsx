import { useText } from '../text/text.tsx';
import { FormTitle } from './form.tsx';

/** What whoever comes first is told: where the link is with which the first administrator makes an account. */
export function NotSetUp() {
  const t = useText();
  return (
    <>
      <FormTitle title={t('setUp.waiting')} text={t('setUp.waitingText')} />
      <p className="text-muted">{t('setUp.waitingElse')}</p>
    </>
  );
}
