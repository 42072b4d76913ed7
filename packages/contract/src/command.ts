import { z } from 'zod';
import { email, resetPasswordBody, signedInAnswer } from './account.ts';
import { type Endpoint, endpoint } from './endpoint.ts';

const ofAccount = z.strictObject({ email });
const shared = {
  method: 'POST',
  tag: 'Commands',
  scope: null,
  params: {},
  status: 200,
  answer: signedInAnswer,
} as const;

/**
 * What only commands on the server's own machine may ask for: whoever owns the data directory could do it anyway. They
 * are no part of the API that programs are promised, and so not in the OpenAPI document.
 */
export const commandEndpoints = {
  resetPassword: endpoint({
    ...shared,
    name: 'resetPassword',
    path: '/api/command/reset-password',
    summary: 'Give an account another password, and end all of its sessions',
    body: resetPasswordBody,
    errors: ['not_found'],
  }),
  grantAdministration: endpoint({
    ...shared,
    name: 'grantAdministration',
    path: '/api/command/grant-administration',
    summary: 'Make an account an administrator of the instance',
    body: ofAccount,
    errors: ['not_found'],
  }),
  revokeAdministration: endpoint({
    ...shared,
    name: 'revokeAdministration',
    path: '/api/command/revoke-administration',
    summary: 'Make an account no administrator of the instance any more',
    body: ofAccount,
    errors: ['not_found', 'last_owner'],
  }),
} as const satisfies Record<string, Endpoint>;
