import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auth } from '../api/auth.ts';
import { publicInstanceQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { buttonClass } from '../ui/button.tsx';
import { AccountForm } from './account-form.tsx';
import { useEnter } from './enter.ts';
import { FormTitle } from './form.tsx';
import { useLinkToken } from './link-token.ts';
import { NotSetUp } from './not-set-up.tsx';

/** Where the set-up link leads: the first administrator makes an account. */
export function SetUpPage() {
  const t = useText();
  const enter = useEnter();
  const token = useLinkToken();
  const { data: instance } = useSuspenseQuery(publicInstanceQuery);
  if (instance.isSetUp) {
    return (
      <>
        <FormTitle title={t('setUp.done')} text={t('setUp.doneText')} />
        <Link to="/sign-in" className={buttonClass('primary')}>
          {t('signIn.title')}
        </Link>
      </>
    );
  }
  if (token === null) return <NotSetUp />;
  return (
    <>
      <FormTitle title={t('setUp.title')} text={t('setUp.text')} />
      <AccountForm
        submit={t('setUp.submit')}
        onSubmit={async (account) => {
          await auth('POST /setup', { token, ...account });
          await enter(account);
        }}
      />
    </>
  );
}
