import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auth } from '../api/auth.ts';
import { publicInstanceQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { AccountForm } from './account-form.tsx';
import { useEnter } from './enter.ts';
import { FormTitle } from './form.tsx';
import { NotSetUp } from './not-set-up.tsx';

export function SignUpPage() {
  const t = useText();
  const enter = useEnter();
  const { data: instance } = useSuspenseQuery(publicInstanceQuery);
  if (!instance.isSetUp) return <NotSetUp />;
  return (
    <>
      {instance.signup === 'open' ? (
        <>
          <FormTitle title={t('signUp.title')} text={t('signUp.text', { instance: instance.name })} />
          <AccountForm
            submit={t('signUp.submit')}
            onSubmit={async (account) => {
              await auth('POST /sign-up/email', account);
              await enter(account);
            }}
          />
        </>
      ) : (
        <FormTitle
          title={t('signUp.notOpen')}
          text={t(instance.signup === 'invite' ? 'signIn.byInvitation' : 'signIn.closed')}
        />
      )}
      <p className="mt-5 text-center text-muted">
        {t('signUp.hasAccount')}{' '}
        <Link to="/sign-in" className="font-medium text-accent underline-offset-4 hover:underline">
          {t('signIn.title')}
        </Link>
      </p>
    </>
  );
}
