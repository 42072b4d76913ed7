import { createHash, randomBytes } from 'node:crypto';
import {
  defaultChannelGateway,
  defaultPolicy,
  type EndpointName,
  emptyChannelPolicy,
  type LedgerRow,
  serviceKeyScopes,
} from '@keywright/contract';
import { vi } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { signUp } from '../support/account.ts';
import type { AnswerOf, BodyOf } from '../support/client.ts';
import type { Installation } from '../support/installation.ts';
import { join, newcomer, somebody, tokenOf } from '../support/membership.ts';

/** A request that succeeds. */
export interface ReadyRequest<Name extends EndpointName> {
  params: Record<string, string>;
  body?: BodyOf<Name>;
  /** What the request is about, as it was before. */
  subject?: LedgerRow['subject'];
}

type ExpectedRow = Pick<LedgerRow, 'action' | 'projectId' | 'subject' | 'detail'>;

export interface EndpointCase<Name extends EndpointName> {
  /** Only service keys for the whole instance may call it. */
  instanceOnly?: boolean;
  /** Makes what the request needs, in a project of which the test knows nothing else. */
  prepare(at: Installation, projectId: string): Promise<ReadyRequest<Name>>;
  /** The rows that a success leaves in the ledger; none for what only reads. */
  rows?(request: ReadyRequest<Name>, answer: AnswerOf<Name>, projectId: string): ExpectedRow[];
}

/** One for each endpoint of the contract; a new endpoint without one does not compile. */
export const endpointCases: { [Name in EndpointName]: EndpointCase<Name> } = {
  getMe: { prepare: async () => ({ params: {} }) },
  getInstance: { instanceOnly: true, prepare: async () => ({ params: {} }) },
  updateInstance: {
    instanceOnly: true,
    prepare: async (at) => {
      const { name } = await at.admin.call('getInstance');
      const body = { name: at.uniqueName('Instance') };
      return { params: {}, body, subject: { type: 'instance', id: 'instance', name } };
    },
    rows: ({ subject }, { instance: { name } }) => [
      {
        action: 'instance.updated',
        projectId: null,
        subject: { type: 'instance', id: 'instance', name },
        detail: { name: { before: subject?.name, after: name } },
      },
    ],
  },
  listProjects: { prepare: async () => ({ params: {} }) },
  createProject: {
    instanceOnly: true,
    prepare: async (at) => ({
      params: {},
      body: { name: at.uniqueName('Project'), policy: { prefix: 'acme' } },
    }),
    rows: (_, { id, name }) => [
      {
        action: 'project.created',
        projectId: id,
        subject: { type: 'project', id, name },
        detail: { preset: 'standard', policy: { ...defaultPolicy, prefix: 'acme' } },
      },
    ],
  },
  getProject: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  updateProject: {
    prepare: async (at, projectId) => {
      const { id, name } = await at.admin.call('getProject', { params: { projectId } });
      const body = { name: `${name} renamed`, wording: { title: 'Tokens' } };
      return { params: { projectId }, body, subject: { type: 'project', id, name } };
    },
    rows: ({ subject }, { project: { id, name } }) => [
      {
        action: 'project.updated',
        projectId: id,
        subject: { type: 'project', id, name },
        detail: {
          name: { before: subject?.name, after: name },
          wording: { before: {}, after: { title: 'Tokens' } },
        },
      },
    ],
  },
  deleteProject: {
    prepare: async (at, projectId) => {
      const { id, name } = await at.admin.call('getProject', { params: { projectId } });
      return { params: { projectId }, subject: { type: 'project', id, name } };
    },
    rows: (request, _, projectId) => [
      { action: 'project.deleted', projectId, subject: subjectOf(request), detail: {} },
    ],
  },

  listMembers: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  updateMember: {
    prepare: async (at, projectId) => ({
      ...(await prepareMember(at, projectId)),
      body: { role: 'operator' },
    }),
    rows: (request, _, projectId) => [
      {
        action: 'member.updated',
        projectId,
        subject: subjectOf(request),
        detail: { role: { before: 'member', after: 'operator' } },
      },
    ],
  },
  removeMember: {
    prepare: prepareMember,
    rows: (request, _, projectId) => [
      {
        action: 'member.removed',
        projectId,
        subject: subjectOf(request),
        detail: { role: 'member', transferTo: null },
      },
    ],
  },
  listInvitations: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  createInvitation: {
    prepare: async (at, projectId) => ({
      params: { projectId },
      body: { email: `${at.uniqueName('guest')}@example.com`, role: 'operator' },
    }),
    rows: (_, { invitation: { id, email, expiresAt } }, projectId) => [
      {
        action: 'invitation.created',
        projectId,
        subject: { type: 'invitation', id, name: email },
        detail: { role: 'operator', expiresAt },
      },
    ],
  },
  deleteInvitation: {
    prepare: async (at, projectId) => {
      const body = { email: `${at.uniqueName('guest')}@example.com`, role: 'member' as const };
      const { invitation } = await at.admin.call('createInvitation', { params: { projectId }, body });
      const { id, email } = invitation;
      return {
        params: { projectId, invitationId: id },
        subject: { type: 'invitation', id, name: email },
      };
    },
    rows: (request, _, projectId) => [
      { action: 'invitation.deleted', projectId, subject: subjectOf(request), detail: {} },
    ],
  },
  acceptInvitation: {
    prepare: async (at, projectId) => {
      const body = { email: `${at.uniqueName('guest')}@example.com`, role: 'member' as const };
      const { link } = await at.admin.call('createInvitation', { params: { projectId }, body });
      return { params: {}, body: { token: tokenOf(link) } };
    },
  },

  exportAccount: {
    instanceOnly: true,
    prepare: async (at) => ({ params: { accountId: (await somebody(at)).id } }),
  },
  createAccountLink: {
    instanceOnly: true,
    prepare: async (at) => {
      const { id, name } = await signUp(at);
      return {
        params: { accountId: id },
        body: { purpose: 'reset_password' },
        subject: { type: 'account', id, name },
      };
    },
    rows: (request, { expiresAt }) => [
      {
        action: 'account.link_created',
        projectId: null,
        subject: subjectOf(request),
        detail: { purpose: 'reset_password', expiresAt },
      },
    ],
  },
  eraseAccount: {
    instanceOnly: true,
    prepare: async (at, projectId) => {
      const who = await join(at, await newcomer(at), projectId, 'member');
      return { params: { accountId: who.id }, subject: { type: 'account', id: who.id, name: who.name } };
    },
    rows: (request, _, projectId) => {
      const subject = { ...subjectOf(request), name: null };
      const detail = { role: 'member', reason: 'erased' };
      return [
        { action: 'member.removed', projectId, subject, detail },
        { action: 'account.erased', projectId: null, subject, detail: {} },
      ];
    },
  },
  listAccounts: { instanceOnly: true, prepare: async () => ({ params: {} }) },
  updateAccount: {
    instanceOnly: true,
    prepare: async (at) => {
      const { id, name } = await signUp(at);
      return {
        params: { accountId: id },
        body: { isInstanceAdmin: true },
        subject: { type: 'account', id, name },
      };
    },
    rows: (request) => [
      { action: 'account.admin_granted', projectId: null, subject: subjectOf(request), detail: {} },
    ],
  },

  listChannels: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  createChannel: {
    prepare: async (at, projectId) => {
      const slug = at.uniqueName('channel');
      return { params: { projectId }, body: { slug, name: 'Weather', upstream: 'http://127.0.0.1:9/' } };
    },
    rows: (_, { id, slug }, projectId) => [
      {
        action: 'channel.created',
        projectId,
        subject: { type: 'channel', id, name: 'Weather' },
        detail: {
          slug,
          upstream: 'http://127.0.0.1:9/',
          policy: emptyChannelPolicy,
          gateway: defaultChannelGateway,
        },
      },
    ],
  },
  getChannel: { prepare: prepareChannel },
  updateChannel: {
    prepare: async (at, projectId) => ({
      ...(await prepareChannel(at, projectId)),
      body: { description: 'Everything about rain', policy: { format: 'pair' } },
    }),
    rows: (request, _, projectId) => [
      {
        action: 'channel.updated',
        projectId,
        subject: subjectOf(request),
        detail: {
          description: { before: null, after: 'Everything about rain' },
          policy: { before: emptyChannelPolicy, after: { ...emptyChannelPolicy, format: 'pair' } },
        },
      },
    ],
  },
  deleteChannel: {
    prepare: prepareChannel,
    rows: (request, _, projectId) => [
      {
        action: 'channel.deleted',
        projectId,
        subject: subjectOf(request),
        detail: { slug: request.subject?.name },
      },
    ],
  },

  createKey: {
    prepare: async (_, projectId) => ({
      params: { projectId },
      body: {
        name: 'Production',
        ownerId: 'customer-42',
        scopes: ['orders:read'],
        rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 1 }],
        quota: { limit: 1000, period: 'month' },
        ipAllow: ['10.0.0.0/8'],
      },
    }),
    rows: (_, { key }, projectId) => [
      {
        action: 'key.created',
        projectId,
        subject: { type: 'key', id: key.id, name: 'Production' },
        detail: {
          channelId: null,
          format: 'token',
          publicId: null,
          scopes: ['orders:read'],
          rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 1 }],
          quota: { limit: 1000, period: 'month' },
          expiresAt: null,
          ownerId: 'customer-42',
          description: null,
          ipAllow: ['10.0.0.0/8'],
        },
      },
    ],
  },
  listKeys: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  getKeyAllowance: {
    prepare: async (_, projectId) => ({ params: { projectId }, query: { ownerId: 'customer-42' } }),
  },
  importKeys: {
    prepare: async (_, projectId) => ({
      params: { projectId },
      body: {
        keys: ['One', 'Two'].map((name) => ({
          name,
          ownerId: 'customer-42',
          sha256: randomBytes(32).toString('base64'),
          display: 'acme_…x9Zk',
          scopes: ['orders:read'],
        })),
      },
    }),
    rows: (_, { keyIds }, projectId) =>
      ['One', 'Two'].map((name, index) => ({
        action: 'key.imported',
        projectId,
        subject: { type: 'key', id: keyIds[index] ?? '', name },
        detail: {
          channelId: null,
          format: 'token',
          publicId: null,
          scopes: ['orders:read'],
          rateLimits: [],
          quota: null,
          expiresAt: null,
          ownerId: 'customer-42',
          description: null,
          ipAllow: [],
        },
      })),
  },
  bulkKeys: {
    prepare: async (at, projectId) => {
      const { subject } = await prepareKey(at, projectId);
      const unknown = newId('key', Date.now());
      const body = { action: 'revoke' as const, keyIds: [unknown, subject.id], reason: 'Spring cleaning' };
      return { params: { projectId }, body, subject };
    },
    rows: keyRow('key.revoked', { reason: 'Spring cleaning' }),
  },
  identifyKey: {
    prepare: async (at, projectId) => {
      const { secret } = await at.createKey(projectId);
      return { params: {}, body: { sha256: createHash('sha256').update(secret).digest('hex') } };
    },
  },
  getKey: { prepare: prepareKey },
  updateKey: {
    prepare: async (at, projectId) => ({
      ...(await prepareKey(at, projectId)),
      body: {
        description: 'For the night job',
        scopes: ['a', 'b'],
        rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 1 }],
        quota: { limit: 5, period: 'total' },
      },
    }),
    rows: (request, _, projectId) => [
      {
        action: 'key.updated',
        projectId,
        subject: subjectOf(request),
        detail: {
          fields: ['description', 'scopes', 'rateLimits', 'quota'],
          description: { before: null, after: 'For the night job' },
          scopes: { before: [], after: ['a', 'b'] },
          rateLimits: { before: [], after: [{ name: 'burst', limit: 10, windowSeconds: 1 }] },
          quota: { before: null, after: { limit: 5, period: 'total' } },
        },
      },
    ],
  },
  deleteKey: { prepare: prepareKey, rows: keyRow('key.deleted', {}) },
  activateKey: {
    prepare: async (at, projectId) => {
      const request = await prepareKey(at, projectId);
      await at.admin.call('deactivateKey', { params: request.params });
      return request;
    },
    rows: keyRow('key.activated', {}),
  },
  deactivateKey: { prepare: prepareKey, rows: keyRow('key.deactivated', {}) },
  revokeKey: {
    prepare: async (at, projectId) => ({
      ...(await prepareKey(at, projectId)),
      body: { reason: 'Lost on a train' },
    }),
    rows: keyRow('key.revoked', { reason: 'Lost on a train' }),
  },
  rotateKey: {
    prepare: async (at, projectId) => ({
      ...(await prepareKey(at, projectId)),
      body: { overlapSeconds: 3600 },
    }),
    rows: (request, { key }, projectId) => [
      {
        action: 'key.rotated',
        projectId,
        subject: subjectOf(request),
        detail: { overlapSeconds: 3600, previousRetiresAt: key.rotation?.endsAt },
      },
    ],
  },
  retirePreviousSecret: {
    prepare: async (at, projectId) => {
      const request = await prepareKey(at, projectId);
      await at.admin.call('rotateKey', { params: request.params });
      return request;
    },
    rows: keyRow('key.previous_retired', {}),
  },
  resetQuota: {
    prepare: async (at, projectId) => {
      const request = await prepareKey(at, projectId);
      const body = { quota: { limit: 5, period: 'day' } } as const;
      await at.admin.call('updateKey', { params: request.params, body });
      return request;
    },
    rows: keyRow('key.quota_reset', { quota: { limit: 5, period: 'day' }, used: 0 }),
  },

  verify: {
    prepare: async (at, projectId) => ({
      params: {},
      body: { key: (await at.createKey(projectId)).secret },
    }),
  },
  verifyBatch: {
    prepare: async (at, projectId) => ({
      params: {},
      body: { requests: [{ key: (await at.createKey(projectId)).secret }, { key: 'nonsense' }] },
    }),
  },

  listServiceKeys: { prepare: async () => ({ params: {} }) },
  createServiceKey: {
    prepare: async (_, projectId) => ({
      params: {},
      body: { name: 'Backend', projectId, scopes: [...serviceKeyScopes] },
    }),
    rows: (_, { serviceKey }, projectId) => [
      {
        action: 'service_key.created',
        projectId,
        subject: { type: 'service_key', id: serviceKey.id, name: 'Backend' },
        detail: { scopes: serviceKeyScopes, expiresAt: null },
      },
    ],
  },
  rotateServiceKey: { prepare: prepareServiceKey, rows: serviceKeyRow('service_key.rotated') },
  deleteServiceKey: { prepare: prepareServiceKey, rows: serviceKeyRow('service_key.deleted') },

  getKeyUsage: { prepare: prepareKey },
  getProjectUsage: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  listRefusals: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  getRefusal: { prepare: prepareRefusal },

  listProjectLedger: { prepare: async (_, projectId) => ({ params: { projectId } }) },
  listLedger: { instanceOnly: true, prepare: async () => ({ params: {} }) },
};

async function prepareChannel(at: Installation, projectId: string) {
  const { id, slug } = await at.createChannel(projectId);
  return { params: { channelId: id }, subject: { type: 'channel' as const, id, name: slug } };
}

async function prepareMember(at: Installation, projectId: string) {
  const { id, name } = await somebody(at);
  await at.admin.send('removeMember', { params: { projectId, accountId: id } });
  await join(at, await somebody(at), projectId, 'member');
  return { params: { projectId, accountId: id }, subject: { type: 'account' as const, id, name } };
}

async function prepareKey(at: Installation, projectId: string) {
  const { id, name } = (await at.createKey(projectId)).key;
  return { params: { keyId: id }, subject: { type: 'key' as const, id, name } };
}

/** Asks in vain, and waits until that is written. */
async function prepareRefusal(at: Installation, projectId: string) {
  const asking = await at.createServiceKey(projectId, ['verify']);
  const { secret } = await at.createKey(projectId);
  const { requestId } = await asking.call('verify', { body: { key: secret, scopes: ['of-no-key'] } });
  const params = { projectId, requestId };
  const find = async () => (await at.admin.send('getRefusal', { params })).status;
  await vi.waitUntil(async () => (await find()) === 200, { timeout: 10_000, interval: 50 });
  return { params };
}

async function prepareServiceKey(at: Installation, projectId: string) {
  const body = { name: 'Backend', projectId, scopes: ['verify' as const] };
  const { id, name } = (await at.admin.call('createServiceKey', { body })).serviceKey;
  return { params: { serviceKeyId: id }, subject: { type: 'service_key' as const, id, name } };
}

function keyRow(action: LedgerRow['action'], detail: Record<string, unknown>) {
  return (request: ReadyRequest<EndpointName>, _: unknown, projectId: string): ExpectedRow[] => [
    { action, projectId, subject: subjectOf(request), detail },
  ];
}

function serviceKeyRow(action: LedgerRow['action']) {
  return keyRow(action, {});
}

function subjectOf({ subject }: Pick<ReadyRequest<EndpointName>, 'subject'>): LedgerRow['subject'] {
  if (subject === undefined) throw new Error('The request names no subject.');
  return subject;
}
