import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { auth } from '../api/auth.ts';
import { queryClient, sessionQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { explainError } from '../ui/notify.tsx';
import { AccountForm } from './account-form.tsx';
import { FormFault, FormTitle } from './form.tsx';
import { useLinkToken } from './link-token.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Where an invitation leads: to join with the account that is signed in, with another one, or with a new one. */
export function InvitePage() {
  const t = useText();
  const token = useLinkToken();
  const join = useJoin(token);
  const { data: session, isPending } = useQuery(sessionQuery);
  const [isKnown, setKnown] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (token === null) return <FormTitle title={t('invite.broken')} text={t('invite.brokenText')} />;
  if (isPending) return null;
  const account = session?.account;
  if (account) {
    return (
      <>
        <FormTitle title={t('invite.title')} text={t('invite.asAccount', { email: account.email })} />
        <div className="flex flex-col gap-4">
          <FormFault>{fault}</FormFault>
          <Button
            look="primary"
            onClick={() => join().catch((error: unknown) => setFault(explainError(error)))}
          >
            {t('invite.join')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <FormTitle title={t('invite.title')} text={t(isKnown ? 'invite.known' : 'invite.new')} />
      {isKnown ? (
        <SignInForm onSignedIn={join} />
      ) : (
        <AccountForm
          submit={t('invite.join')}
          onSubmit={async (account) => {
            await auth('POST /sign-up/email', { ...account, invitationToken: token });
            await auth('POST /sign-in/email', { email: account.email, password: account.password });
            await join({ isJoined: true });
          }}
        />
      )}
      <Button look="ghost" className="mt-3 w-full" onClick={() => setKnown(!isKnown)}>
        {t(isKnown ? 'invite.makeNew' : 'invite.haveAccount')}
      </Button>
    </>
  );
}

function useJoin(token: string | null) {
  const navigate = useNavigate();
  return async ({ isJoined = false } = {}) => {
    const joined =
      isJoined || token === null ? null : await api('POST /v1/invitations/accept', { body: { token } });
    queryClient.clear();
    await navigate({ to: '/apikeys', search: joined ? { project: joined.projectId } : {} });
  };
}
