import { getRouteApi } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { withoutUndefined } from '../shell/page-search.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { InvitationList } from './invitation-list.tsx';
import type { IssuedLink } from './issued-link.ts';
import { MemberDialogs } from './member-dialogs.tsx';
import { MemberList } from './member-list.tsx';
import type { ChangeMembersSearch } from './members-search.ts';

const route = getRouteApi('/app/members');

/** Who works in the project, and who is invited to. */
export function MembersPage() {
  const t = useText();
  const { canOperate, canOwn } = useProject();
  const search = route.useSearch();
  const change = useChange();
  const [issued, setIssued] = useState<IssuedLink | null>(null);
  return (
    <>
      <PageHeader title={t('members.title')} text={t(canOperate ? 'members.text' : 'members.textForMember')}>
        {canOwn && (
          <Button look="primary" onClick={() => change({ dialog: 'invite' }, true)}>
            <UserPlus aria-hidden />
            {t('members.invite')}
          </Button>
        )}
      </PageHeader>
      <MemberList search={search} change={change} />
      {canOperate && <InvitationList search={search} change={change} onIssued={setIssued} />}
      <MemberDialogs search={search} change={change} issued={issued} onIssued={setIssued} />
    </>
  );
}

function useChange(): ChangeMembersSearch {
  const navigate = route.useNavigate();
  return useCallback(
    (patch, isStep = false) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: 'cursor' in patch,
      });
    },
    [navigate],
  );
}
