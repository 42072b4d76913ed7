import type { CheckedLink } from '@keywright/contract';
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
import { BadLink } from './bad-link.tsx';
import { useCheckedLink } from './checked-link.ts';
import { FormFault, FormTitle } from './form.tsx';
import { useLinkToken } from './link-token.ts';
import { LinkWait } from './link-wait.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Where an invitation leads: to join with the account that its address has, or with a new one. */
export function InvitePage() {
  const token = useLinkToken();
  const check = useCheckedLink(token, 'invitation');
  const { data: session, isPending } = useQuery(sessionQuery);
  if (token === null) return <BadLink error={null} />;
  if (check.state === 'bad') return <BadLink error={check.error} />;
  if (check.state === 'checking' || isPending) return <LinkWait />;
  const invited = { token, email: check.link.email ?? '', project: nameOf(check.link) };
  const email = session?.account?.email;
  if (email === undefined) return <JoinAsVisitor {...invited} hasAccount={check.link.hasAccount === true} />;
  return email.toLowerCase() === invited.email ? (
    <JoinAsAccount {...invited} />
  ) : (
    <JoinAsAnother {...invited} current={email} />
  );
}

interface Invited {
  token: string;
  email: string;
  project: string;
}

function nameOf({ projectName }: CheckedLink): string {
  return projectName ?? '';
}

function JoinAsVisitor({ token, email, project, hasAccount }: Invited & { hasAccount: boolean }) {
  const t = useText();
  const join = useJoin(token);
  return (
    <>
      <FormTitle
        title={t('invite.title', { project })}
        text={t(hasAccount ? 'invite.known' : 'invite.new', { email })}
      />
      {hasAccount ? (
        <SignInForm email={email} onSignedIn={() => join()} />
      ) : (
        <AccountForm
          email={email}
          submit={t('invite.join')}
          onSubmit={async (account) => {
            await auth('POST /sign-up/email', { ...account, invitationToken: token });
            await auth('POST /sign-in/email', { email: account.email, password: account.password });
            await join({ isJoined: true });
          }}
        />
      )}
    </>
  );
}

function JoinAsAccount({ token, email, project }: Invited) {
  const t = useText();
  const join = useJoin(token);
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  return (
    <>
      <FormTitle title={t('invite.title', { project })} text={t('invite.asAccount', { email })} />
      <div className="flex flex-col gap-4">
        <FormFault>{fault}</FormFault>
        <Button
          look="primary"
          isBusy={isBusy}
          onClick={() => {
            setBusy(true);
            join().catch((error: unknown) => {
              setFault(explainError(error));
              setBusy(false);
            });
          }}
        >
          {t('invite.join')}
        </Button>
      </div>
    </>
  );
}

/** The invitation is good for one address only, and somebody else is signed in here. */
function JoinAsAnother({ email, project, current }: Invited & { current: string }) {
  const t = useText();
  const [fault, setFault] = useState<string | null>(null);
  const change = async () => {
    try {
      await auth('POST /sign-out');
      await queryClient.resetQueries();
    } catch (error) {
      setFault(explainError(error));
    }
  };
  return (
    <>
      <FormTitle title={t('invite.title', { project })} text={t('invite.asAnother', { email, current })} />
      <div className="flex flex-col gap-4">
        <FormFault>{fault}</FormFault>
        <Button look="primary" onClick={() => void change()}>
          {t('invite.signOut')}
        </Button>
      </div>
    </>
  );
}

function useJoin(token: string) {
  const navigate = useNavigate();
  return async ({ isJoined = false } = {}) => {
    const joined = isJoined ? null : await api('POST /v1/invitations/accept', { body: { token } });
    queryClient.clear();
    await navigate({ to: '/apikeys', search: joined ? { project: joined.projectId } : {} });
  };
}
