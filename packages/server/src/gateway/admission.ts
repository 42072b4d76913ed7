import { normalizePath, type RefusalCode, type VerifyDoor } from '@keywright/contract';
import type { VerificationRecord } from '../verification/verification-record.ts';
import type { LoadedChannel, MaybePromise } from '../verification/verification-store.ts';
import type { ChannelFinder, Verdict, Verifier } from '../verification/verify.ts';
import { challengeFor } from './challenge.ts';
import { type CredentialFault, readCredential } from './credential.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { compileScopeRules, type NeededScopes } from './scope-rules.ts';

/** A request that is to pass, as it reached the gateway that asks. */
export interface GatewayRequest {
  /** Id or slug. */
  channel: string;
  door: VerifyDoor;
  requestId: string;
  method: string;
  /** As it was sent, without the query. */
  path: string;
  /** What follows the `?`. */
  search: string;
  /** As they came: the credential is among them. */
  rawHeaders: readonly string[];
  /** Whether it asks, for a browser, what another request may do (Fetch, "CORS-preflight request"). */
  isPreflight: boolean;
  /** Where it comes from; null: nobody said so who is believed. */
  ip: string | null;
  userAgent: string | null;
}

export type Admission = Passage | Denial | { outcome: 'no_channel' };

export interface Passage {
  outcome: 'passed';
  channel: LoadedChannel;
  /** Null for a preflight that passes without a key. */
  key: VerificationRecord | null;
  /** The path in its one spelling. */
  path: string;
  /** Which scopes it takes, by the channel's rules as they are. */
  scopesAt(channel: LoadedChannel): readonly string[];
  /** How the key's limits stand. */
  headers: Record<string, string>;
}

export interface Denial {
  outcome: 'denied';
  channel: LoadedChannel;
  status: 400 | 401 | 403 | 429;
  reason: RefusalCode | 'bad_request';
  /** What of the reason is to be told; null: nothing. */
  code: RefusalCode | 'bad_request' | null;
  detail: string;
  /** `WWW-Authenticate`, `Retry-After`, how the limits stand. */
  headers: Record<string, string>;
}

/** Decides about requests for whatever asks: a proxy in front of an API, or the built-in gateway. */
export type Admit = (request: GatewayRequest) => MaybePromise<Admission>;

interface AdmissionOptions {
  verifier: Verifier;
  channels: ChannelFinder;
}

/**
 * The one way by which all gateways decide. A key that memory knows is decided upon without a promise.
 * @throws unavailable when it could not tell
 */
export function createAdmission({ verifier, channels }: AdmissionOptions): Admit {
  // Channels that are remembered stay the same objects, so that their rules are made ready once.
  const rules = new WeakMap<LoadedChannel, NeededScopes>();
  return (request) => {
    const channel = channels.channel(request.channel);
    return channel instanceof Promise
      ? channel.then((found) => admit(request, found))
      : admit(request, channel);
  };

  function admit(request: GatewayRequest, channel: LoadedChannel | null): MaybePromise<Admission> {
    if (channel === null) return { outcome: 'no_channel' };
    const path = normalizePath(request.path);
    if (path === null) return badPath(channel);
    const { gateway } = channel;
    if (request.isPreflight && gateway.preflight === 'pass') {
      return { outcome: 'passed', channel, key: null, path, scopesAt: () => [], headers: {} };
    }
    const credential = readCredential(request.rawHeaders, request.search, gateway.credentials);
    const scopesAt = (at: LoadedChannel) => neededAt(at)(request.method, path);
    const verdict = verifier.verify(
      {
        // What presents no key is counted and kept as what is none.
        ...('fault' in credential ? { key: '' } : credential),
        channel: channel.slug,
        scopes: [...scopesAt(channel)],
        ...(request.ip !== null && { ip: request.ip }),
        ...(request.userAgent !== null && { userAgent: request.userAgent }),
      },
      channel,
      {
        requestId: request.requestId,
        door: request.door,
        request: { method: request.method, path: shorten(path) },
      },
    );
    const fault = 'fault' in credential ? credential : null;
    const asked = { channel, path, scopesAt, fault };
    return verdict instanceof Promise
      ? verdict.then((found) => conclude(found, asked))
      : conclude(verdict, asked);
  }

  function neededAt(channel: LoadedChannel): NeededScopes {
    let needed = rules.get(channel);
    if (needed === undefined) {
      needed = compileScopeRules(channel.gateway.scopeRules);
      rules.set(channel, needed);
    }
    return needed;
  }
}

/** More of a path is not kept with a refusal. */
const longestPath = 500;

/** A part that is cut is left out whole: what is left of a secret would not be known for one, and so be kept. */
function shorten(path: string): string {
  return path.length <= longestPath ? path : path.slice(0, path.lastIndexOf('/', longestPath - 1) + 1);
}

interface Asked {
  channel: LoadedChannel;
  path: string;
  scopesAt: Passage['scopesAt'];
  fault: CredentialFault | null;
}

function conclude(verdict: Verdict, { channel, path, scopesAt, fault }: Asked): Admission {
  const headers = rateLimitHeaders(verdict);
  const { code } = verdict;
  if (code === 'valid') return { outcome: 'passed', channel, key: verdict.key, path, scopesAt, headers };
  const { explain } = channel.gateway;
  const status = explain || statuses[code] === 429 ? statuses[code] : 401;
  if (status === 401)
    headers['WWW-Authenticate'] = challengeFor(channel, explain && fault?.fault !== 'missing');
  if (status === 429 && verdict.retryAfterSeconds !== null)
    headers['Retry-After'] = String(verdict.retryAfterSeconds);
  return {
    outcome: 'denied',
    channel,
    status,
    reason: code,
    code: explain ? code : null,
    detail: explain ? (fault?.detail ?? details[code]) : plainDetails[status === 429 ? 429 : 401],
    headers,
  };
}

function badPath(channel: LoadedChannel): Denial {
  const denial = { outcome: 'denied', channel, reason: 'bad_request' } as const;
  if (!channel.gateway.explain) {
    const headers = { 'WWW-Authenticate': challengeFor(channel, false) };
    return { ...denial, status: 401, code: null, detail: plainDetails[401], headers };
  }
  return {
    ...denial,
    status: 400,
    code: 'bad_request',
    detail:
      'The path must be written in one way only: without //, /../, backslashes, encoded slashes or broken %.',
    headers: {},
  };
}

const statuses: Readonly<Record<RefusalCode, 401 | 403 | 429>> = {
  malformed: 401,
  not_found: 401,
  revoked: 401,
  inactive: 401,
  expired: 401,
  wrong_channel: 403,
  ip_denied: 403,
  insufficient_scope: 403,
  rate_limited: 429,
  quota_exceeded: 429,
};

const details: Readonly<Record<RefusalCode, string>> = {
  malformed: 'This is no key: its length or its checksum is wrong. Was it copied whole?',
  not_found: 'This key is not known here.',
  revoked: 'This key was revoked, or its secret was replaced.',
  inactive: 'This key is switched off.',
  expired: 'This key has expired.',
  wrong_channel: 'This key is not good for this API.',
  ip_denied: 'This key is not good from this address.',
  insufficient_scope: 'This key may not do this.',
  rate_limited: 'This key was used too often. Try again after the time in Retry-After.',
  quota_exceeded: 'The quota of this key is used up.',
};

const plainDetails = {
  401: 'This request may not pass.',
  429: 'Too many requests.',
} as const;
