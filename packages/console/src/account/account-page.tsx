import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { meQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { AccountDialogs } from './account-dialogs.tsx';
import type { AccountSearch } from './account-search.ts';
import { DataSection } from './data-section.tsx';
import { EmailForm } from './email-form.tsx';
import { PasskeysSection } from './passkeys-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { Card, Section } from './section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { ThemeSection } from './theme-section.tsx';

const route = getRouteApi('/app/account');

/** Who one is, how one signs in, and from where. */
export function AccountPage() {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const open = useCallback(
    ({ dialog, passkey }: AccountSearch) => {
      void navigate({
        search: ({ dialog: _, passkey: __, ...rest }) => ({
          ...rest,
          ...(dialog && { dialog }),
          ...(passkey && { passkey }),
        }),
        replace: dialog === undefined,
        resetScroll: false,
      });
    },
    [navigate],
  );
  if (me.type !== 'account') return null;
  return (
    <>
      <PageHeader title={t('account.title')} />
      <div>
        <Section title={t('profile.title')}>
          <Card>
            <ProfileForm me={me} />
            <hr className="my-5 border-line" />
            <EmailForm me={me} />
          </Card>
        </Section>
        <PasswordSection email={me.email} />
        <SecondFactorSection onOpen={open} />
        <PasskeysSection onOpen={open} />
        <SessionsSection onOpen={open} />
        <ThemeSection />
        <DataSection accountId={me.id} />
      </div>
      <AccountDialogs {...search} onClose={() => open({})} />
    </>
  );
}
