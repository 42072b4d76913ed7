import { z } from 'zod';

interface ErrorDefinition {
  status: number;
  title: string;
  /** For the page of the code: what happened. */
  happened: string;
  /** For the page of the code: what to do. */
  remedy: string;
}

const table = {
  validation_failed: {
    status: 400,
    title: 'The request is not valid',
    happened:
      'A field, a query parameter or the body as a whole is not what this route takes. Nothing was changed.',
    remedy:
      'Read `errors`: each entry names the path of a field and what it must be. Unknown fields are refused too, so look for spelling.',
  },
  owner_not_member: {
    status: 400,
    title: 'The owner is not a member of the project',
    happened:
      'An `ownerId` that begins with `acc_` names an account, and this account is not a member of the project.',
    remedy:
      'Invite the account into the project first, or use an id of your own that does not begin with `acc_`.',
  },
  unauthenticated: {
    status: 401,
    title: 'Who is calling is not known',
    happened:
      'The request carries no service key and no session, or one that is malformed, unknown, expired or ended. Or what it asks for needs a password that was proved within the last minutes; then `WWW-Authenticate` says `insufficient_user_authentication`.',
    remedy:
      'A program sends `Authorization: Bearer <service key>`, once; if the key was rotated, its new secret. A person signs in, or proves the password anew.',
  },
  forbidden: {
    status: 403,
    title: 'The caller may not do this',
    happened: 'The caller is known and may see this, but lacks the scope or role that this route asks for.',
    remedy:
      'Use a service key with the scope that `detail` names, or ask an administrator for one. A browser must send the request from a page of this server.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing',
    happened: 'Nothing with this address exists, or the caller may not see it. The two are not told apart.',
    remedy: 'Check the id and the path, and that the service key is for the project that holds it.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take this method',
    happened: 'The path exists, but not with this HTTP method.',
    remedy: 'The `Allow` header lists the methods that the path takes.',
  },
  key_limit_reached: {
    status: 409,
    title: 'The owner has as many keys as the policy allows',
    happened:
      'The owner already holds the number of active and inactive keys that the policy of the project or channel allows.',
    remedy: 'Revoke or delete a key that is no longer needed, or raise `maxKeysPerOwner` in the policy.',
  },
  name_taken: {
    status: 409,
    title: 'The owner has a key of this name',
    happened:
      'The policy asks for unique names, and the owner has another key of exactly this name that is neither revoked nor deleted.',
    remedy: 'Choose another name, or rename the other key first.',
  },
  slug_taken: {
    status: 409,
    title: 'The slug is taken',
    happened:
      'Another channel has this slug, or had it: a released slug stays with its project, so that no one else can take over its traffic.',
    remedy: 'Choose another slug.',
  },
  key_revoked: {
    status: 409,
    title: 'The key is revoked',
    happened: 'A revoked key stays revoked. It cannot be changed, switched on or rotated.',
    remedy: 'Create a new key. The revoked one can still be deleted.',
  },
  channel_in_use: {
    status: 409,
    title: 'The channel still has keys',
    happened:
      'Active or inactive keys are bound to this channel, and they would lose the place where they are good.',
    remedy: 'Revoke or delete these keys, then delete the channel.',
  },
  last_owner: {
    status: 409,
    title: 'Somebody must stay in charge',
    happened: 'This would leave a project without an owner, or the instance without an administrator.',
    remedy:
      'Make another member owner of the project first (or delete the project), or another account administrator.',
  },
  hash_known: {
    status: 409,
    title: 'A key with this secret is known',
    happened:
      'The SHA-256 of this secret belongs to a key that is or was here. A secret that was retired or deleted does not come back.',
    remedy: 'Leave out the keys that `errors` names, or find out with `identify` which keys they are.',
  },
  idempotency_conflict: {
    status: 409,
    title: 'The same request is still running',
    happened: 'A request with this `Idempotency-Key` has not ended yet.',
    remedy: 'Wait a moment and send it again.',
  },
  idempotency_replayed: {
    status: 409,
    title: 'This was already done, and its secret is not kept',
    happened:
      'A request with this `Idempotency-Key` was made within the last 24 hours. Its answer held a secret, which is shown once and not kept. Nothing was done again.',
    remedy:
      'If the first answer was lost, rotate the key that `keyId` (or `serviceKeyId`) names: that gives a new secret. An invitation (`invitationId`) or a link for an account (`accountId`) is made anew.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    happened: 'The body is larger than this route reads: 1 MiB, or 16 MiB for an import.',
    remedy: 'Send less at once: a long list in several parts.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body is not JSON',
    happened: 'The request has a body whose `Content-Type` is not `application/json`.',
    remedy: 'Send JSON, with `Content-Type: application/json`.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'The same Idempotency-Key came with another body',
    happened: 'This `Idempotency-Key` was used for a request with a different body within the last 24 hours.',
    remedy: 'Use a new `Idempotency-Key` for each request that means something else.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    happened: 'This caller sent more requests than are allowed in the time.',
    remedy: 'Wait as long as `Retry-After` says, then try again.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    happened: 'The server met a fault of its own. The change was either made as a whole or not at all.',
    remedy:
      'Try again. If it stays, look for the request id in the log of the server: the cause stands there.',
  },
  unavailable: {
    status: 503,
    title: 'The answer cannot be told right now',
    happened:
      'The database does not answer, or the server is stopping. This says nothing about whether a key is good.',
    remedy: 'Try again in a moment. `/readyz` says what is missing.',
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof table;
export const errorTable: Readonly<Record<ErrorCode, Readonly<ErrorDefinition>>> = Object.freeze(table);
export const errorCodes = Object.freeze(Object.keys(table) as ErrorCode[]);

export const fieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** With `idempotency_replayed`: what the secret of the first answer belongs to. */
const whose = (noun: string) =>
  z
    .string()
    .exactOptional()
    .meta({
      description: `with idempotency_replayed, when the first answer held the secret of a ${noun}: its id`,
    });

/** RFC 9457, with the code, the request id and, for validation, each fault. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string(),
  code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
  requestId: z.string(),
  errors: z.array(fieldError).exactOptional(),
  keyId: whose('key'),
  serviceKeyId: whose('service key'),
  invitationId: whose('invitation'),
  accountId: z.string().exactOptional().meta({
    description:
      'with idempotency_replayed, when the first answer held a link for an account: the id of that account',
  }),
});
export type Problem = z.infer<typeof problem>;
