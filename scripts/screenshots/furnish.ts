import { presets } from '@keywright/contract';

/** Who looks at everything. */
export const account = { email: 'ada@example.com', password: 'correct horse staple 9' };

/** What the pictures show: a project of each preset, with keys in every state, traffic, channels and people. */
export interface Furnished {
  /** By the name of the preset. */
  projectIds: Readonly<Record<string, string>>;
  emptyProjectId: string;
  /** A key with traffic and a rotation under way, in the project of the standard preset. */
  keyId: string;
  /** A channel of the same project, with rules for gateways and refusals. */
  channelId: string;
  /** Of the same project: an operator, an invitation and a service key. */
  personId: string;
  invitationId: string;
  serviceKeyId: string;
}

type Send = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Fills a server by its API, as the administrator. */
export async function furnish(url: string): Promise<Furnished> {
  const send = await signIn(url);
  await send('PATCH', '/v1/instance', {
    name: 'Acme Maps',
    supportUrl: 'https://acme.example/support',
    docsUrl: 'https://acme.example/docs',
  });
  const projectIds: Record<string, string> = {};
  for (const preset of presets) {
    const project = await send('POST', '/v1/projects', { name: `Acme ${preset}`, preset });
    projectIds[preset] = String(project.id);
    await makeKeys(send, String(project.id));
  }
  const standard = projectIds.standard ?? '';
  const empty = await send('POST', '/v1/projects', { name: 'Nothing yet' });
  await makeChannels(send, [standard, projectIds.channels ?? '', projectIds.gateway ?? '']);
  const channelId = await makeGatewayTraffic(send, url, standard);
  const keyId = await makeTraffic(send, url, standard);
  const personId = await addPerson(send, url, standard);
  const invitationId = (await invite(send, standard, 'grace@example.com')).id;
  const { items: serviceKeys } = await send('GET', `/v1/service-keys?projectId=${standard}`);
  const [serviceKey] = serviceKeys as { id: string }[];
  const ids = { keyId, channelId, personId, invitationId, serviceKeyId: serviceKey?.id ?? '' };
  return { projectIds, emptyProjectId: String(empty.id), ...ids };
}

async function invite(send: Send, projectId: string, email: string): Promise<{ id: string; token: string }> {
  const body = { email, role: 'operator' };
  const { invitation, link } = await send('POST', `/v1/projects/${projectId}/invitations`, body);
  return { id: (invitation as { id: string }).id, token: String(link).split('#token=')[1] ?? '' };
}

/** Somebody who came by an invitation, and has a key. */
async function addPerson(send: Send, url: string, projectId: string): Promise<string> {
  const email = 'margaret@example.com';
  const { token } = await invite(send, projectId, email);
  const person = { name: 'Margaret Hamilton', email, password: 'a saddle, nine clouds and tea' };
  await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify({ ...person, invitationToken: token }),
  });
  const { items } = await send('GET', `/v1/projects/${projectId}/members`);
  const member = (items as { accountId: string; email: string }[]).find((each) => each.email === email);
  const ownerId = member?.accountId ?? '';
  await send('POST', `/v1/projects/${projectId}/keys`, { name: 'Guidance computer', ownerId });
  return ownerId;
}

async function signIn(url: string): Promise<Send> {
  const headers = { 'Content-Type': 'application/json', Origin: url };
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers,
    body: JSON.stringify(account),
  });
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: { ...headers, Cookie: cookie },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
}

const names = [
  'Production',
  'Staging',
  'Nightly export',
  'Mobile app',
  'Partner portal',
  'Old integration',
  'Analytics',
];
const dayMs = 86_400_000;

async function makeKeys(send: Send, projectId: string): Promise<void> {
  const { policy } = (await send('GET', `/v1/projects/${projectId}`)) as { policy: Record<string, unknown> };
  const { id: me } = await send('GET', '/v1/me');
  const keyIds: string[] = [];
  for (const [index, name] of names.entries()) {
    const { key } = (await send('POST', `/v1/projects/${projectId}/keys`, {
      name,
      ownerId: index < 5 ? me : `customer-${index}`,
      ...(policy.description !== 'hidden' && { description: `${name}: calls the map tiles` }),
      ...(policy.expiry !== 'hidden' &&
        index % 3 === 1 && { expiresAt: new Date(Date.now() + (index + 1) * dayMs).toISOString() }),
    })) as { key: { id: string } };
    keyIds.push(key.id);
  }
  await send('POST', `/v1/keys/${keyIds[3]}/deactivate`, {});
  await send('POST', `/v1/keys/${keyIds[5]}/revoke`, { reason: 'Leaked in a public repository' });
}

async function makeChannels(send: Send, projectIds: readonly string[]): Promise<void> {
  for (const [index, projectId] of projectIds.entries()) {
    const channels = [
      ['tiles', 'Map tiles'],
      ['geocoding', 'Geocoding'],
    ];
    for (const [slug, name] of channels) {
      const channel = await send('POST', `/v1/projects/${projectId}/channels`, {
        slug: `${slug}-${index}`,
        name,
      });
      await send('POST', `/v1/projects/${projectId}/keys`, {
        name: `${name} of customer 7`,
        channelId: channel.id,
      });
    }
  }
}

/** A channel with rules, and what a proxy asked at it. */
async function makeGatewayTraffic(send: Send, url: string, projectId: string): Promise<string> {
  const { id } = await send('POST', `/v1/projects/${projectId}/channels`, {
    slug: 'orders',
    name: 'Orders',
    description: 'What customers ordered, and what became of it',
    upstream: 'http://orders.internal:9000',
    gateway: {
      scopeRules: [
        { method: 'GET', path: '/orders/*', scopes: ['orders:read'] },
        { method: 'POST', path: '/orders', scopes: ['orders:write'] },
        { method: '*', path: '/orders/*/refunds', scopes: ['refunds:write', 'orders:read'] },
      ],
    },
  });
  const { secret } = (await send('POST', `/v1/projects/${projectId}/keys`, {
    name: 'Warehouse',
    channelId: id,
    scopes: ['orders:read'],
  })) as { secret: string };
  const asked = [
    ['GET', '/orders/17', secret],
    ['POST', '/orders/17/refunds', secret],
    ['GET', '/orders/18', `${secret}x`],
    ['DELETE', '/customers/4', secret],
  ];
  for (const [method = '', path = '', key = ''] of asked) {
    await fetch(`${url}/auth-request/orders`, {
      headers: {
        'X-Original-Method': method,
        'X-Original-URI': path,
        'X-Real-IP': '203.0.113.7',
        'User-Agent': 'acme-warehouse/1.9',
        Authorization: `Bearer ${key}`,
      },
    });
  }
  return String(id);
}

/** Requests of every outcome with one key, before and after its rotation. */
async function makeTraffic(send: Send, url: string, projectId: string): Promise<string> {
  const { secret: serviceKey } = (await send('POST', '/v1/service-keys', {
    name: 'Gateway',
    projectId,
    scopes: ['verify', 'usage:read'],
  })) as { secret: string };
  const { key, secret } = (await send('POST', `/v1/projects/${projectId}/keys`, {
    name: 'Checkout service',
    description: 'Runs in three regions',
    scopes: ['orders:read'],
    rateLimits: [{ name: 'burst', limit: 200, windowSeconds: 10 }],
    quota: { limit: 10_000, period: 'day' },
  })) as { key: { id: string }; secret: string };
  const verify = (body: object) =>
    fetch(`${url}/v1/verify`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${serviceKey}` },
      body: JSON.stringify(body),
    });
  const from = (index: number) => ({ ip: `203.0.113.${index % 3}`, userAgent: 'acme-checkout/2.4' });
  for (let index = 0; index < 120; index++) await verify({ key: secret, ...from(index) });
  for (let index = 0; index < 15; index++)
    await verify({ key: secret, ...from(index), scopes: ['orders:write'] });
  const { secret: next } = (await send('POST', `/v1/keys/${key.id}/rotate`, {})) as { secret: string };
  for (let index = 0; index < 40; index++) await verify({ key: next, ...from(index) });
  // Counts are written once a second.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  return key.id;
}
