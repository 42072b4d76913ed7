import type { z } from 'zod';
import {
  channel,
  channelWithPropagation,
  createChannelBody,
  updateChannelBody,
} from './channel.ts';
import type { ErrorCode } from './error.ts';
import { type IdKind, id } from './id.ts';
import {
  createKeyBody,
  key,
  keyWithPropagation,
  keyWithSecret,
  listKeysQuery,
  noBody,
  revokeKeyBody,
  rotatedKey,
  rotateKeyBody,
  updateKeyBody,
} from './key.ts';
import { ledgerRow, listLedgerQuery } from './ledger.ts';
import { pageOf, pageQuery } from './page.ts';
import { createProjectBody, project, projectWithPropagation, updateProjectBody } from './project.ts';
import { deleted } from './propagation.ts';
import type { ServiceKeyScope } from './scope.ts';
import {
  createServiceKeyBody,
  listServiceKeysQuery,
  rotatedServiceKey,
  serviceKey,
  serviceKeyWithSecret,
} from './service-key.ts';
import { verifyAnswer, verifyBatchAnswer, verifyBatchBody, verifyBody } from './verify.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One route of the management and verification API. The server registers it and the OpenAPI document lists it. */
export interface Endpoint {
  name: string;
  method: Method;
  /** With parameters in braces: `/v1/keys/{keyId}`. */
  path: string;
  tag: string;
  summary: string;
  /** What a service key needs. */
  scope: ServiceKeyScope;
  params: Readonly<Record<string, z.ZodType<string>>>;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** A body that may be left out, as if `{}` had been sent. */
  bodyOptional?: boolean;
  status: 200 | 201;
  answer: z.ZodType;
  /** Errors of its own, besides those that every route may answer. */
  errors: readonly ErrorCode[];
  /** It answers only when every node has applied it. */
  takesPower?: boolean;
  /** It also answers `application/x-ndjson`, a line for each row, when `Accept` asks for it. */
  streams?: boolean;
}

const param = {
  projectId: id('project'),
  channelId: id('channel'),
  keyId: id('key'),
  serviceKeyId: id('serviceKey'),
} satisfies Partial<Record<`${IdKind}Id`, z.ZodType<string>>>;

const ofProject = { projectId: param.projectId };
const ofChannel = { channelId: param.channelId };
const ofKey = { keyId: param.keyId };
const ofServiceKey = { serviceKeyId: param.serviceKeyId };

function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}

export const endpoints = {
  listProjects: endpoint({
    name: 'listProjects', method: 'GET', path: '/v1/projects', tag: 'Projects',
    summary: 'List the projects that the caller may see',
    scope: 'admin', params: {}, query: pageQuery, status: 200, answer: pageOf(project), errors: [],
  }),
  createProject: endpoint({
    name: 'createProject', method: 'POST', path: '/v1/projects', tag: 'Projects',
    summary: 'Create a project; the preset sets its policy, `policy` changes parts of it',
    scope: 'admin', params: {}, body: createProjectBody, status: 201, answer: project, errors: [],
  }),
  getProject: endpoint({
    name: 'getProject', method: 'GET', path: '/v1/projects/{projectId}', tag: 'Projects',
    summary: 'Get a project',
    scope: 'admin', params: ofProject, status: 200, answer: project, errors: [],
  }),
  updateProject: endpoint({
    name: 'updateProject', method: 'PATCH', path: '/v1/projects/{projectId}', tag: 'Projects',
    summary: 'Change a project; policy and wording field by field',
    scope: 'admin', params: ofProject, body: updateProjectBody, status: 200, answer: projectWithPropagation,
    errors: [], takesPower: true,
  }),
  deleteProject: endpoint({
    name: 'deleteProject', method: 'DELETE', path: '/v1/projects/{projectId}', tag: 'Projects',
    summary: 'Delete a project; all its keys die',
    scope: 'admin', params: ofProject, status: 200, answer: deleted, errors: [], takesPower: true,
  }),
  listChannels: endpoint({
    name: 'listChannels', method: 'GET', path: '/v1/projects/{projectId}/channels', tag: 'Channels',
    summary: 'List the channels of a project',
    scope: 'channels:read', params: ofProject, query: pageQuery, status: 200, answer: pageOf(channel), errors: [],
  }),
  createChannel: endpoint({
    name: 'createChannel', method: 'POST', path: '/v1/projects/{projectId}/channels', tag: 'Channels',
    summary: 'Create a channel',
    scope: 'channels:write', params: ofProject, body: createChannelBody, status: 201, answer: channel,
    errors: ['slug_taken'],
  }),
  getChannel: endpoint({
    name: 'getChannel', method: 'GET', path: '/v1/channels/{channelId}', tag: 'Channels',
    summary: 'Get a channel',
    scope: 'channels:read', params: ofChannel, status: 200, answer: channel, errors: [],
  }),
  updateChannel: endpoint({
    name: 'updateChannel', method: 'PATCH', path: '/v1/channels/{channelId}', tag: 'Channels',
    summary: 'Change a channel; policy field by field',
    scope: 'channels:write', params: ofChannel, body: updateChannelBody, status: 200, answer: channelWithPropagation,
    errors: ['slug_taken'], takesPower: true,
  }),
  deleteChannel: endpoint({
    name: 'deleteChannel', method: 'DELETE', path: '/v1/channels/{channelId}', tag: 'Channels',
    summary: 'Delete a channel that no active or inactive key is bound to',
    scope: 'channels:write', params: ofChannel, status: 200, answer: deleted, errors: ['channel_in_use'],
    takesPower: true,
  }),
  createKey: endpoint({
    name: 'createKey', method: 'POST', path: '/v1/projects/{projectId}/keys', tag: 'Keys',
    summary: 'Create a key; the secret is shown this once',
    scope: 'keys:write', params: ofProject, body: createKeyBody, bodyOptional: true, status: 201,
    answer: keyWithSecret, errors: ['owner_not_member', 'key_limit_reached', 'name_taken'],
  }),
  listKeys: endpoint({
    name: 'listKeys', method: 'GET', path: '/v1/projects/{projectId}/keys', tag: 'Keys',
    summary: 'List keys, with filters, search, sort and cursors both ways',
    scope: 'keys:read', params: ofProject, query: listKeysQuery, status: 200, answer: pageOf(key), errors: [],
  }),
  getKey: endpoint({
    name: 'getKey', method: 'GET', path: '/v1/keys/{keyId}', tag: 'Keys',
    summary: 'Get a key',
    scope: 'keys:read', params: ofKey, status: 200, answer: key, errors: [],
  }),
  updateKey: endpoint({
    name: 'updateKey', method: 'PATCH', path: '/v1/keys/{keyId}', tag: 'Keys',
    summary: 'Change a key; absent fields stay, null clears, arrays and metadata are replaced whole',
    scope: 'keys:write', params: ofKey, body: updateKeyBody, status: 200, answer: keyWithPropagation,
    errors: ['owner_not_member', 'key_limit_reached', 'name_taken', 'key_revoked'], takesPower: true,
  }),
  deleteKey: endpoint({
    name: 'deleteKey', method: 'DELETE', path: '/v1/keys/{keyId}', tag: 'Keys',
    summary: 'Delete a key for good',
    scope: 'keys:write', params: ofKey, status: 200, answer: deleted, errors: [], takesPower: true,
  }),
  activateKey: endpoint({
    name: 'activateKey', method: 'POST', path: '/v1/keys/{keyId}/activate', tag: 'Keys',
    summary: 'Switch a key on',
    scope: 'keys:write', params: ofKey, body: noBody, bodyOptional: true, status: 200,
    answer: keyWithPropagation, errors: ['key_revoked'],
  }),
  deactivateKey: endpoint({
    name: 'deactivateKey', method: 'POST', path: '/v1/keys/{keyId}/deactivate', tag: 'Keys',
    summary: 'Switch a key off',
    scope: 'keys:write', params: ofKey, body: noBody, bodyOptional: true, status: 200,
    answer: keyWithPropagation, errors: ['key_revoked'], takesPower: true,
  }),
  revokeKey: endpoint({
    name: 'revokeKey', method: 'POST', path: '/v1/keys/{keyId}/revoke', tag: 'Keys',
    summary: 'Revoke a key for good; when this answers, the key is dead on every node',
    scope: 'keys:write', params: ofKey, body: revokeKeyBody, bodyOptional: true, status: 200,
    answer: keyWithPropagation, errors: [], takesPower: true,
  }),
  rotateKey: endpoint({
    name: 'rotateKey', method: 'POST', path: '/v1/keys/{keyId}/rotate', tag: 'Keys',
    summary: 'Give a key a new secret; the old one works on for the overlap',
    scope: 'keys:write', params: ofKey, body: rotateKeyBody, bodyOptional: true, status: 200,
    answer: rotatedKey, errors: ['key_revoked'], takesPower: true,
  }),
  retirePreviousSecret: endpoint({
    name: 'retirePreviousSecret', method: 'POST', path: '/v1/keys/{keyId}/retire-previous', tag: 'Keys',
    summary: 'End the overlap of a rotation now',
    scope: 'keys:write', params: ofKey, body: noBody, bodyOptional: true, status: 200,
    answer: keyWithPropagation, errors: ['key_revoked'], takesPower: true,
  }),
  verify: endpoint({
    name: 'verify', method: 'POST', path: '/v1/verify', tag: 'Verification',
    summary: 'May this request pass? Always 200 when it could be told',
    scope: 'verify', params: {}, body: verifyBody, status: 200, answer: verifyAnswer, errors: [],
  }),
  verifyBatch: endpoint({
    name: 'verifyBatch', method: 'POST', path: '/v1/verify/batch', tag: 'Verification',
    summary: 'Up to 100 verifications, answered in order',
    scope: 'verify', params: {}, body: verifyBatchBody, status: 200, answer: verifyBatchAnswer, errors: [],
  }),
  listServiceKeys: endpoint({
    name: 'listServiceKeys', method: 'GET', path: '/v1/service-keys', tag: 'Service keys',
    summary: 'List the service keys that the caller manages',
    scope: 'admin', params: {}, query: listServiceKeysQuery, status: 200, answer: pageOf(serviceKey), errors: [],
  }),
  createServiceKey: endpoint({
    name: 'createServiceKey', method: 'POST', path: '/v1/service-keys', tag: 'Service keys',
    summary: 'Create a service key for a project, or for the instance; the secret is shown this once',
    scope: 'admin', params: {}, body: createServiceKeyBody, status: 201, answer: serviceKeyWithSecret, errors: [],
  }),
  rotateServiceKey: endpoint({
    name: 'rotateServiceKey', method: 'POST', path: '/v1/service-keys/{serviceKeyId}/rotate', tag: 'Service keys',
    summary: 'Give a service key a new secret; the old one is dead when this answers',
    scope: 'admin', params: ofServiceKey, body: noBody, bodyOptional: true, status: 200,
    answer: rotatedServiceKey, errors: [], takesPower: true,
  }),
  deleteServiceKey: endpoint({
    name: 'deleteServiceKey', method: 'DELETE', path: '/v1/service-keys/{serviceKeyId}', tag: 'Service keys',
    summary: 'Delete a service key for good',
    scope: 'admin', params: ofServiceKey, status: 200, answer: deleted, errors: [], takesPower: true,
  }),
  listProjectLedger: endpoint({
    name: 'listProjectLedger', method: 'GET', path: '/v1/projects/{projectId}/ledger', tag: 'Ledger',
    summary: 'What happened in a project, newest first; as NDJSON it is an export, oldest first',
    scope: 'audit:read', params: ofProject, query: listLedgerQuery, status: 200, answer: pageOf(ledgerRow),
    errors: [], streams: true,
  }),
  listLedger: endpoint({
    name: 'listLedger', method: 'GET', path: '/v1/ledger', tag: 'Ledger',
    summary: 'What happened in the instance; its unfiltered export can be checked as a chain',
    scope: 'audit:read', params: {}, query: listLedgerQuery, status: 200, answer: pageOf(ledgerRow),
    errors: [], streams: true,
  }),
} as const;

export type EndpointName = keyof typeof endpoints;
