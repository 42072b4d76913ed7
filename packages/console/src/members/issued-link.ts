import type { Invitation, Role } from '@keywright/contract';
import { api } from '../api/api.ts';
import { LinkDialog } from './late-link-dialog.ts';
import { refreshMembers } from './member-queries.ts';

/** The link of an invitation that was just made. It lives in the state of what shows it and nowhere else. */
export interface IssuedLink {
  invitation: Invitation;
  link: string;
  /** The address that it was sent to; null: it is to be passed on. */
  sentTo: string | null;
}

/** Invites somebody. A former link for the same address is good for nothing from then on. */
export async function invite(projectId: string, body: { email: string; role: Role }): Promise<IssuedLink> {
  await LinkDialog.load();
  const answer = await api('POST /v1/projects/{projectId}/invitations', { params: { projectId }, body });
  refreshMembers(projectId);
  return answer;
}
