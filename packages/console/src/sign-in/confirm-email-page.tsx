import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { auth } from '../api/auth.ts';
import { queryClient } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { BadLink } from './bad-link.tsx';
import { useCheckedLink } from './checked-link.ts';
import { FormTitle } from './form.tsx';
import { useLinkToken } from './link-token.ts';
import { LinkWait } from './link-wait.tsx';

/** Where the letter to another e-mail address leads. A click confirms it: what looks links up for people does not. */
export function ConfirmEmailPage() {
  const t = useText();
  const token = useLinkToken();
  const check = useCheckedLink(token, 'confirm_email');
  const [outcome, setOutcome] = useState<{ email: string } | { error: unknown } | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (token === null) return <BadLink error={null} />;
  if (check.state === 'checking') return <LinkWait />;
  if (check.state === 'bad') return <BadLink error={check.error} />;
  if (outcome !== null && 'error' in outcome) return <BadLink error={outcome.error} />;
  if (outcome !== null) {
    return (
      <div role="status">
        <FormTitle title={t('confirm.done')} text={t('confirm.doneText', { email: outcome.email })} />
        <Link to="/apikeys" className={`${buttonClass('primary')} w-full`}>
          {t('notFound.home')}
        </Link>
      </div>
    );
  }
  const confirm = async () => {
    setBusy(true);
    try {
      setOutcome(await auth('POST /confirm-email', { token }));
      queryClient.clear();
    } catch (error) {
      setOutcome({ error });
    }
  };
  return (
    <>
      <FormTitle title={t('confirm.title')} text={t('confirm.text', { email: check.link.email ?? '' })} />
      <Button look="primary" className="w-full" isBusy={isBusy} onClick={() => void confirm()}>
        {t('confirm.submit')}
      </Button>
    </>
  );
}
