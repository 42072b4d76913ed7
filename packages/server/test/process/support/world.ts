import type { Key, LedgerAction, LedgerExportRow, Propagation } from '@keywright/contract';
import type { Answer, Client } from '../../support/client.ts';

/** What the callers of a storm know: of each key all that they were answered, and what they are still waiting for. */
export interface World {
  /** Two projects: one of tokens, one of pairs. */
  projectIds: string[];
  keys: Map<string, TrackedKey>;
  /** The names of keys that were asked for and whose answer is not there yet. */
  pendingNames: Set<string>;
  /** How many changes were answered. */
  answered: number;
  /** From now on no answer is a surprise. */
  isKilled: boolean;
  /** What should never have happened while the service ran. */
  surprises: string[];
}

interface TrackedKey {
  id: string;
  name: string;
  publicId: string | null;
  /** Whether several callers change it at the same time, so that the order of its changes is known to none of them. */
  isShared: boolean;
  status: 'active' | 'inactive' | 'revoked' | 'deleted';
  /** Each secret that was answered; null for one whose answer was lost. */
  secrets: (string | null)[];
  /** The changes that were answered with success, in their order. */
  answered: LedgerAction[];
  pending: LedgerAction | null;
}

export function createWorld(projectIds: string[]): World {
  return {
    projectIds,
    keys: new Map(),
    pendingNames: new Set(),
    answered: 0,
    isKilled: false,
    surprises: [],
  };
}

interface Caller {
  number: number;
  /** Those that share their keys with each other are answered refusals as well. */
  shares: boolean;
  keys: TrackedKey[];
}

const callerCount = 16;
const sharingCallers = 4;

/**
 * Changes keys from 16 callers at once, until the service is gone. Most callers have keys of their own, and so know in
 * which order they were changed; four change the same ones.
 */
export async function storm(world: World, client: Client, round: number): Promise<void> {
  const shared: TrackedKey[] = [];
  const callers = Array.from({ length: callerCount }, (_, number): Caller => {
    const shares = number < sharingCallers;
    return { number, shares, keys: shares ? shared : [] };
  });
  await Promise.all(callers.map((caller) => run(world, client, caller, round)));
}

async function run(world: World, client: Client, caller: Caller, round: number): Promise<void> {
  for (let count = 0; !world.isKilled; count++) {
    try {
      const key = pick(caller.keys);
      if (key === undefined || Math.random() < 0.35) await create(world, client, caller, `${round}-${count}`);
      else await change(world, client, key);
    } catch (error) {
      // A connection that broke because of the kill; in any other case something is wrong.
      if (!world.isKilled) world.surprises.push(`caller ${caller.number}: ${describe(error)}`);
      return;
    }
  }
}

async function create(world: World, client: Client, caller: Caller, suffix: string): Promise<void> {
  const projectId = world.projectIds[caller.number % world.projectIds.length];
  const name = `key ${caller.number}-${suffix}`;
  world.pendingNames.add(name);
  const answer = await client.request('POST', `/v1/projects/${projectId}/keys`, {
    body: { name, ownerId: `owner-${caller.number}` },
  });
  expectSuccess(answer, 201);
  const { key, secret } = answer.json as { key: Key; secret: string };
  world.pendingNames.delete(name);
  world.answered++;
  const tracked: TrackedKey = {
    id: key.id,
    name,
    publicId: key.publicId,
    isShared: caller.shares,
    status: 'active',
    secrets: [secret],
    answered: ['key.created'],
    pending: null,
  };
  caller.keys.push(tracked);
  world.keys.set(key.id, tracked);
}

const ways = {
  'key.revoked': { method: 'POST', path: '/revoke' },
  'key.deactivated': { method: 'POST', path: '/deactivate' },
  'key.activated': { method: 'POST', path: '/activate' },
  'key.rotated': { method: 'POST', path: '/rotate' },
  'key.deleted': { method: 'DELETE', path: '' },
} as const;
type Action = keyof typeof ways;

async function change(world: World, client: Client, key: TrackedKey): Promise<void> {
  const action = pick(possible(key));
  if (action === undefined) return;
  const { method, path } = ways[action];
  // Of a shared key, several are on their way.
  key.pending = action;
  const answer = await client.request(method, `/v1/keys/${key.id}${path}`, {
    ...(action === 'key.rotated' && { body: { overlapSeconds: pick([0, 3600]) } }),
  });
  if (key.isShared && [404, 409].includes(answer.status)) return;
  expectSuccess(answer, 200);
  const { secret, propagation } = answer.json as { secret?: string; propagation?: Propagation };
  if (action !== 'key.activated' && propagation?.acknowledged !== 1)
    throw new Error(`${action}: ${answer.text}`);
  if (secret !== undefined) key.secrets.push(secret);
  key.answered.push(action);
  key.pending = null;
  key.status = nextStatus(key.status, action);
  world.answered++;
}

function possible({ status, isShared }: TrackedKey): Action[] {
  if (isShared)
    return ['key.rotated', 'key.rotated', 'key.deactivated', 'key.activated', 'key.revoked', 'key.deleted'];
  if (status === 'deleted') return [];
  if (status === 'revoked') return ['key.deleted'];
  const toggle = status === 'active' ? 'key.deactivated' : 'key.activated';
  return ['key.rotated', 'key.rotated', toggle, 'key.revoked', 'key.deleted'];
}

function nextStatus(status: TrackedKey['status'], action: LedgerAction): TrackedKey['status'] {
  switch (action) {
    case 'key.revoked':
      return 'revoked';
    case 'key.deactivated':
      return 'inactive';
    case 'key.activated':
      return 'active';
    case 'key.deleted':
      return 'deleted';
    default:
      return status;
  }
}

function expectSuccess({ status, text }: Answer, expected: number): void {
  if (status !== expected) throw new Error(`${status} instead of ${expected}: ${text}`);
}

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message} (${String(error.cause ?? 'no cause')})` : String(error);
}

/** A key as the ledger tells of it. */
export interface ReplayedKey {
  id: string;
  name: string | null;
  projectId: string | null;
  status: TrackedKey['status'];
  /** How many seconds the former secret was left at each rotation. */
  overlaps: number[];
  actions: LedgerAction[];
}

/** Every key that ever was, from nothing but the rows of the ledger. */
export function replay(rows: readonly LedgerExportRow[]): Map<string, ReplayedKey> {
  const keys = new Map<string, ReplayedKey>();
  for (const { action, subject, projectId, detail } of rows) {
    if (subject.type !== 'key') continue;
    const { id, name } = subject;
    const known = keys.get(id);
    const key = known ?? { id, name, projectId, status: 'active', overlaps: [], actions: [] };
    key.actions.push(action);
    key.status = nextStatus(key.status, action);
    if (action === 'key.rotated') key.overlaps.push(Number(detail.overlapSeconds));
    keys.set(id, key);
  }
  return keys;
}

/** How a verification of the key's secret number `index` must end; the first is 0. */
export function expectedCode({ status, overlaps }: ReplayedKey, index: number): string {
  if (status === 'deleted') return 'not_found';
  if (status === 'revoked') return 'revoked';
  const isCurrent = index === overlaps.length;
  const isInOverlap = index === overlaps.length - 1 && (overlaps[index] ?? 0) > 0;
  if (!isCurrent && !isInOverlap) return 'revoked';
  return status === 'inactive' ? 'inactive' : 'valid';
}
