import { defaultChannelGateway } from '@keywright/contract';
import { displaySecret, generateSecret, hashSecret, type SecretHash } from '../keys/secret-format.ts';
import type {
  LoadedChannel,
  LoadedKey,
  LoadedServiceKey,
  MaybePromise,
  VerificationStore,
} from '../verification/verification-store.ts';
import { Reads } from './reads.ts';

/** What verification reads, in memory. */
export class FakeVerificationStore implements VerificationStore {
  readonly reads = new Reads();
  keys: LoadedKey[] = [];
  serviceKeys: LoadedServiceKey[] = [];
  channels: (Pick<LoadedChannel, 'id' | 'projectId' | 'slug'> & Partial<LoadedChannel>)[] = [];
  imports = false;

  loadKeys(hashes: SecretHash[]): MaybePromise<LoadedKey[]> {
    const found = this.keys.filter(({ hash }) => hashes.includes(hash)).map((key) => ({ ...key }));
    return this.reads.answer('keys', hashes, found);
  }

  loadServiceKeys(hashes: SecretHash[]): MaybePromise<LoadedServiceKey[]> {
    const found = this.serviceKeys.filter(({ hash }) => hashes.includes(hash)).map((key) => ({ ...key }));
    return this.reads.answer('service keys', hashes, found);
  }

  hasImports(): MaybePromise<boolean> {
    return this.reads.answer('imports', [], this.imports);
  }

  loadChannel(idOrSlug: string): MaybePromise<LoadedChannel | null> {
    const found = this.channels.find(({ id, slug }) => id === idOrSlug || slug === idOrSlug);
    return this.reads.answer(
      'channel',
      [idOrSlug],
      found === undefined ? null : { ...usualChannel, ...found },
    );
  }

  /** Puts a key in, with what a test says of it and the usual for the rest, and answers its secret. */
  addKey(given: Partial<LoadedKey> = {}): string {
    const secret = generateSecret('kw');
    this.keys.push({ ...usualKey, hash: hashSecret(secret.reveal()), name: displaySecret(secret), ...given });
    return secret.reveal();
  }

  /** Changes a key, as a transaction does that was committed and that nobody has followed yet. */
  changeKey(id: string, change: Partial<LoadedKey>): void {
    this.keys = this.keys.map((key) => (key.id === id ? { ...key, ...change } : key));
  }

  deleteKey(id: string): void {
    this.keys = this.keys.filter((key) => key.id !== id);
  }
}

const usualChannel = { upstream: null, gateway: defaultChannelGateway };

const usualKey: Omit<LoadedKey, 'hash' | 'name'> = {
  retiresAt: null,
  id: 'key_1',
  projectId: 'prj_1',
  channelId: null,
  ownerId: null,
  format: 'token',
  publicId: null,
  status: 'active',
  scopes: [],
  metadata: {},
  rateLimits: [],
  quota: null,
  ipAllow: [],
  expiresAt: null,
};
