import { type CredentialKind, credentialKinds, defaultChannelGateway } from '@keywright/contract';
import { expect, test } from 'vitest';
import { challengeFor } from './challenge.ts';

test.each<[readonly CredentialKind[], boolean, string]>([
  [credentialKinds, false, 'Bearer realm="orders"'],
  [credentialKinds, true, 'Bearer realm="orders", error="invalid_token"'],
  [['basic', 'bearer'], false, 'Bearer realm="orders"'],
  [['basic'], false, 'Basic realm="orders", charset="UTF-8"'],
  [['basic', 'x_api_key'], true, 'Basic realm="orders", charset="UTF-8"'],
  [['x_api_key'], false, 'ApiKey realm="orders"'],
  [['pair', 'x_api_key'], true, 'ApiKey realm="orders"'],
])('for %j, had one: %s', (credentials, hadCredential, expected) => {
  const channel = {
    id: 'chn_1',
    projectId: 'prj_1',
    slug: 'orders',
    upstream: null,
    gateway: { ...defaultChannelGateway, credentials: [...credentials] },
  };
  expect(challengeFor(channel, hadCredential)).toBe(expected);
});
