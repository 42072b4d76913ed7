import type { Channel, Key } from '@keywright/contract';
import { beforeAll, beforeEach, describe } from 'vitest';
import { type BodyOf, type Client, client } from '../../support/client.ts';
import { type RunningService, type ServiceOptions, startService } from '../../support/running-service.ts';
import { proxies, type RunningProxy, startProxy } from './proxy.ts';
import { type Relay, startRelay } from './relay.ts';
import { type Answer, send } from './send.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export const slug = 'orders';

/** An API that reports what it gets, a real Keywright that knows it as a channel, and a proxy before it. */
export interface GuardedApi {
  service: RunningService;
  admin: Client;
  upstream: Upstream;
  /** The way on which the proxy asks. */
  relay: Relay;
  proxy: RunningProxy;
  channel: Channel;
  createKey(body?: BodyOf<'createKey'>): Promise<{ key: Key; secret: string }>;
  /** A key of two halves. */
  createPair(): Promise<{ key: Key; publicId: string; secret: string }>;
  send(path: string, options?: Parameters<typeof send>[2]): Promise<Answer>;
}

type Shared = Omit<GuardedApi, 'relay' | 'proxy' | 'send'>;

interface GuardOptions extends Pick<ServiceOptions, 'env'> {
  channel?: Partial<BodyOf<'createChannel'>>;
  /** What the proxy is told to prove itself with. */
  token?: string;
}

/** Runs the same tests behind each proxy. All share one Keywright. */
export function behindEachProxy(define: (at: GuardedApi) => void, options: GuardOptions = {}): void {
  const shared = {} as Shared;
  beforeAll(async () => {
    Object.assign(shared, await startGuardedApi(options));
  });
  describe.each(proxies)('behind %s', (name) => {
    const at = Object.create(shared) as GuardedApi;
    beforeAll(async () => {
      const { upstream, service } = shared;
      const { token } = options;
      at.relay = await startRelay(new URL(service.url).host);
      at.proxy = await startProxy(name, {
        channel: slug,
        keywright: at.relay.address,
        upstream: upstream.address,
        ...(token !== undefined && { token }),
      });
      at.send = (path, given) => send(at.proxy.url, path, given);
    });
    beforeEach(() => shared.upstream.forget());
    define(at);
  });
}

async function startGuardedApi({ env, channel = {} }: GuardOptions): Promise<Shared> {
  const upstream = await startUpstream();
  // Only the proxy itself is to say where a request comes from.
  const service = await startService({ env: { KEYWRIGHT_TRUSTED_PROXIES: undefined, ...env } });
  const admin = client(service.url, service.bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
  const made = await admin.call('createChannel', {
    params: { projectId },
    body: { slug, name: 'Orders', ...channel },
  });
  const createKey = (body: BodyOf<'createKey'> = {}) =>
    admin.call('createKey', { params: { projectId }, body: { channelId: made.id, ...body } });
  const makeFormat = (format: 'pair' | 'token') =>
    admin.call('updateChannel', { params: { channelId: made.id }, body: { policy: { format } } });
  return {
    upstream,
    service,
    admin,
    channel: made,
    createKey,
    async createPair() {
      await makeFormat('pair');
      const { key, secret } = await createKey();
      await makeFormat('token');
      return { key, publicId: key.publicId ?? '', secret };
    },
  };
}

export const bearer = (secret: string) => ['Authorization', `Bearer ${secret}`] as const;
