import type { RefusalCode, VerifyDoor } from '@keywright/contract';
import type { StoredRefusal } from './refusal-store.ts';

interface Explanation {
  /** What was asked, after "asked ". */
  question: string;
  /** By which way. */
  door: string;
  why: string;
  remedy: string;
}

/** A refusal in sentences, for people. */
export function explainRefusal(refusal: StoredRefusal): Explanation {
  return {
    question: describeQuestion(refusal),
    door: doors[refusal.door],
    ...reasons[refusal.code](refusal),
  };
}

const doors: Readonly<Record<VerifyDoor, string>> = {
  verify: 'the verification API (/v1/verify)',
  forward_auth: 'forward auth (/forward-auth)',
  auth_request: 'a subrequest of a proxy (/auth-request)',
  ext_authz: 'external authorization (/ext-authz)',
  gateway: 'the built-in gateway',
};

function describeQuestion({ key, channel, scopes, ip, userAgent, cost, request }: StoredRefusal): string {
  const parts = [
    key === null
      ? 'whether a key may pass that is not known here'
      : `whether the key "${key.name}" (${key.id}) may pass`,
    request !== null && `for ${request.method} ${request.path}`,
    channel !== null && `at the channel ${channel}`,
    scopes.length > 0 && `with the ${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(', ')}`,
    ip !== null && `from ${ip}`,
    userAgent !== null && `with the user agent "${userAgent}"`,
    cost !== null && `at a cost of ${cost}`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}

type Reason = (refusal: StoredRefusal) => Pick<Explanation, 'why' | 'remedy'>;

const reasons: Readonly<Record<RefusalCode, Reason>> = {
  malformed: ({ door }) => ({
    why:
      door === 'verify'
        ? 'What was presented is no key: its length or its checksum is wrong.'
        : 'The request carried no key, more than one, or one whose length or checksum is wrong.',
    remedy:
      'See that the key was copied whole, without spaces or quotes, and that it is sent where it is looked for.',
  }),
  not_found: () => ({
    why: 'No key has this secret: it was never issued here, its key was deleted or is of a project that the asking service key is not for, or the halves of a pair do not belong together.',
    remedy:
      'Compare its first and last characters with the list of keys, and the project of the service key with the key’s.',
  }),
  revoked: () => ({
    why: 'The key was revoked, or the secret was replaced by a rotation and its overlap is over.',
    remedy: 'Use the secret of the last rotation; in place of a revoked key, make a new one.',
  }),
  inactive: () => ({
    why: 'The key was switched off.',
    remedy: 'Activate it if it is to work.',
  }),
  expired: () => ({
    why: 'The key had expired.',
    remedy: 'Move its `expiresAt` into the future, or make a new key.',
  }),
  wrong_channel: ({ channel }) => ({
    why: `The key is not good at the channel ${channel}: it is bound to another one, or of another project.`,
    remedy: 'Use a key of this channel, or one of its project that is bound to no channel.',
  }),
  ip_denied: ({ ip, door }) =>
    ip === null
      ? {
          why: 'The key is good from certain addresses only, and the request did not say from which it came.',
          remedy:
            door === 'verify'
              ? 'Send the address of the caller as `ip`.'
              : 'Let the proxy send the address of the caller: X-Real-IP to /auth-request, else X-Forwarded-For.',
        }
      : {
          why: `The key is good from certain addresses only, and ${ip} was none of them.`,
          remedy: 'Add the address to the key’s `ipAllow` if it is to be let in.',
        },
  insufficient_scope: ({ scopes }) => ({
    why: `The key lacked ${scopes.length === 1 ? 'the scope' : 'at least one of the scopes'} ${scopes.join(', ')}.`,
    remedy: 'Give the key what it lacks, or use a key that has it.',
  }),
  rate_limited: () => ({
    why: 'The key had used up one of its rate limits.',
    remedy: 'Ask again later, or raise the limit.',
  }),
  quota_exceeded: ({ cost }) => ({
    why: `The key had less of its quota left than the ${cost ?? 1} that ${cost === null ? 'a request costs' : 'the request was to cost'}.`,
    remedy: 'Wait for the next period, reset the quota, or raise it.',
  }),
};
