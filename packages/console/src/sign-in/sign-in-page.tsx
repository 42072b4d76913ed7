import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { publicInstanceQuery, queryClient } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { FormTitle } from './form.tsx';
import { NotSetUp } from './not-set-up.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const t = useText();
  const router = useRouter();
  const { to } = useSearch({ from: '/public/sign-in' });
  const { data: instance } = useSuspenseQuery(publicInstanceQuery);
  if (!instance.isSetUp) return <NotSetUp />;
  return (
    <>
      <FormTitle title={t('signIn.title')} text={t('signIn.text', { instance: instance.name })} />
      <SignInForm
        onSignedIn={async () => {
          queryClient.clear();
          router.history.push(to ?? '/apikeys');
        }}
      />
      <p className="mt-5 text-center text-muted">
        {instance.signup === 'open' ? (
          <>
            {t('signIn.noAccount')}{' '}
            <Link to="/sign-up" className="font-medium text-accent underline-offset-4 hover:underline">
              {t('signUp.title')}
            </Link>
          </>
        ) : (
          t(instance.signup === 'invite' ? 'signIn.byInvitation' : 'signIn.closed')
        )}
      </p>
    </>
  );
}
