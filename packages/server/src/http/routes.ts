import type { Route } from './route.ts';
import { createAccountLinkRoute } from './routes/accounts/create-link.ts';
import { eraseAccountRoute } from './routes/accounts/erase.ts';
import { exportAccountRoute } from './routes/accounts/export.ts';
import { listAccountsRoute } from './routes/accounts/list.ts';
import { updateAccountRoute } from './routes/accounts/update.ts';
import { createChannelRoute } from './routes/channels/create.ts';
import { deleteChannelRoute } from './routes/channels/delete.ts';
import { getChannelRoute } from './routes/channels/get.ts';
import { listChannelsRoute } from './routes/channels/list.ts';
import { updateChannelRoute } from './routes/channels/update.ts';
import { endAllSessionsRoute } from './routes/commands/end-all-sessions.ts';
import { resetPasswordRoute } from './routes/commands/reset-password.ts';
import { getInstanceRoute } from './routes/instance/get.ts';
import { getMeRoute } from './routes/instance/me.ts';
import { updateInstanceRoute } from './routes/instance/update.ts';
import { acceptInvitationRoute } from './routes/invitations/accept.ts';
import { createInvitationRoute } from './routes/invitations/create.ts';
import { deleteInvitationRoute } from './routes/invitations/delete.ts';
import { listInvitationsRoute } from './routes/invitations/list.ts';
import { activateKeyRoute } from './routes/keys/activate.ts';
import { bulkKeysRoute } from './routes/keys/bulk.ts';
import { createKeyRoute } from './routes/keys/create.ts';
import { deactivateKeyRoute } from './routes/keys/deactivate.ts';
import { deleteKeyRoute } from './routes/keys/delete.ts';
import { getKeyRoute } from './routes/keys/get.ts';
import { getKeyAllowanceRoute } from './routes/keys/get-allowance.ts';
import { identifyKeyRoute } from './routes/keys/identify.ts';
import { importKeysRoute } from './routes/keys/import.ts';
import { listKeysRoute } from './routes/keys/list.ts';
import { resetQuotaRoute } from './routes/keys/reset-quota.ts';
import { retirePreviousSecretRoute } from './routes/keys/retire-previous.ts';
import { revokeKeyRoute } from './routes/keys/revoke.ts';
import { rotateKeyRoute } from './routes/keys/rotate.ts';
import { updateKeyRoute } from './routes/keys/update.ts';
import { listLedgerRoute } from './routes/ledger/list.ts';
import { listProjectLedgerRoute } from './routes/ledger/list-project.ts';
import { listMembersRoute } from './routes/members/list.ts';
import { removeMemberRoute } from './routes/members/remove.ts';
import { updateMemberRoute } from './routes/members/update.ts';
import { createProjectRoute } from './routes/projects/create.ts';
import { deleteProjectRoute } from './routes/projects/delete.ts';
import { getProjectRoute } from './routes/projects/get.ts';
import { listProjectsRoute } from './routes/projects/list.ts';
import { updateProjectRoute } from './routes/projects/update.ts';
import { createServiceKeyRoute } from './routes/service-keys/create.ts';
import { deleteServiceKeyRoute } from './routes/service-keys/delete.ts';
import { listServiceKeysRoute } from './routes/service-keys/list.ts';
import { rotateServiceKeyRoute } from './routes/service-keys/rotate.ts';
import { getKeyUsageRoute } from './routes/usage/get-key.ts';
import { getProjectUsageRoute } from './routes/usage/get-project.ts';
import { getRefusalRoute } from './routes/usage/get-refusal.ts';
import { listRefusalsRoute } from './routes/usage/list-refusals.ts';
import { verifyBatchRoute } from './routes/verify/batch.ts';

/** Every endpoint of the contract but `verify`, which the listener serves itself. */
export const routes: readonly Route[] = [
  getMeRoute,
  getInstanceRoute,
  updateInstanceRoute,
  listAccountsRoute,
  updateAccountRoute,
  createAccountLinkRoute,
  eraseAccountRoute,
  exportAccountRoute,
  listProjectsRoute,
  createProjectRoute,
  getProjectRoute,
  updateProjectRoute,
  deleteProjectRoute,
  listMembersRoute,
  updateMemberRoute,
  removeMemberRoute,
  listInvitationsRoute,
  createInvitationRoute,
  deleteInvitationRoute,
  acceptInvitationRoute,
  listChannelsRoute,
  createChannelRoute,
  getChannelRoute,
  updateChannelRoute,
  deleteChannelRoute,
  createKeyRoute,
  listKeysRoute,
  getKeyAllowanceRoute,
  importKeysRoute,
  bulkKeysRoute,
  identifyKeyRoute,
  getKeyRoute,
  updateKeyRoute,
  deleteKeyRoute,
  activateKeyRoute,
  deactivateKeyRoute,
  revokeKeyRoute,
  rotateKeyRoute,
  retirePreviousSecretRoute,
  resetQuotaRoute,
  verifyBatchRoute,
  listServiceKeysRoute,
  createServiceKeyRoute,
  rotateServiceKeyRoute,
  deleteServiceKeyRoute,
  getKeyUsageRoute,
  getProjectUsageRoute,
  listRefusalsRoute,
  getRefusalRoute,
  listProjectLedgerRoute,
  listLedgerRoute,
];

/** What commands on this machine ask for besides. */
export const commandRoutes: readonly Route[] = [resetPasswordRoute, endAllSessionsRoute];
