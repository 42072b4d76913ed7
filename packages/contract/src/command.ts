import { done, resetPasswordBody, signedInAnswer } from './account.ts';
import { type Endpoint, endpoint } from './endpoint.ts';

/**
 * What only commands on the server's own machine may ask for: whoever owns the data directory could do it anyway. They
 * are no part of the API that programs are promised, and so not in the OpenAPI document.
 */
export const commandEndpoints = {
  resetPassword: endpoint({
    name: 'resetPassword',
    method: 'POST',
    path: '/api/command/reset-password',
    tag: 'Commands',
    summary: 'Give an account another password, and end all of its sessions',
    scope: null,
    params: {},
    body: resetPasswordBody,
    status: 200,
    answer: signedInAnswer,
    errors: ['not_found'],
  }),
  endAllSessions: endpoint({
    name: 'endAllSessions',
    method: 'POST',
    path: '/api/command/end-sessions',
    tag: 'Commands',
    summary: 'End the sessions of all accounts, and the links that were made for them',
    scope: null,
    params: {},
    status: 200,
    answer: done,
    errors: [],
  }),
} as const satisfies Record<string, Endpoint>;
