import { z } from 'zod';
import { id } from './id.ts';
import { signupModes } from './instance.ts';
import { linkPurposes } from './link.ts';
import { role } from './role.ts';
import { serviceKeyScope } from './scope.ts';
import { countCharacters, text, time } from './text.ts';

/** An e-mail address, in lower case: who signs in does not have to know how it was once written. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, { error: 'must have at most 254 characters' })
  .refine((value) => z.email().safeParse(value).success, { error: 'must be an e-mail address' });

export const passwordLength = { min: 8, max: 128 } as const;

/** A password that somebody chooses now. Any characters, counted as a person counts them (NIST SP 800-63B). */
const newPassword = z
  .string()
  .refine((value) => value.isWellFormed(), { error: 'must be well-formed text', abort: true })
  .refine((value) => countCharacters(value) >= passwordLength.min, {
    error: `must have at least ${passwordLength.min} characters`,
  })
  .refine((value) => countCharacters(value) <= passwordLength.max, {
    error: `must have at most ${passwordLength.max} characters`,
  });

/** A password that was chosen before, under whichever rules. */
const knownPassword = z
  .string()
  .min(1, { error: 'must not be empty' })
  .max(1024, { error: 'must have at most 1024 characters' });

const personName = text({ max: 100 });

/** Six digits of an authenticator app, or a backup code; in groups, as people like to type them. */
export const secondFactorCode = z
  .string()
  .max(40, { error: 'must have at most 40 characters' })
  .transform((value) => value.replace(/\s/g, ''))
  .refine((value) => value !== '', { error: 'must not be empty' });

const linkToken = z.string().min(1).max(200);

export const signUpBody = z.strictObject({
  name: personName,
  email,
  password: newPassword,
  invitationToken: linkToken.exactOptional(),
});
export type SignUpBody = z.infer<typeof signUpBody>;

export const setUpBody = z.strictObject({ token: linkToken, name: personName, email, password: newPassword });
export type SetUpBody = z.infer<typeof setUpBody>;

export const signInBody = z.strictObject({ email, password: knownPassword });
export type SignInBody = z.infer<typeof signInBody>;

export const reauthenticateBody = z.strictObject({
  password: knownPassword,
  code: secondFactorCode.exactOptional(),
});
export type ReauthenticateBody = z.infer<typeof reauthenticateBody>;

export const resetPasswordBody = z.strictObject({
  email,
  password: newPassword,
  withoutSecondFactor: z
    .boolean()
    .exactOptional()
    .meta({ description: 'true: takes the second factor and all passkeys away too, from who lost them' }),
});
export type ResetPasswordBody = z.infer<typeof resetPasswordBody>;

export const updateProfileBody = z.strictObject({ name: personName });

export const changePasswordBody = z.strictObject({ currentPassword: knownPassword, newPassword });
export type ChangePasswordBody = z.infer<typeof changePasswordBody>;

export const forgotPasswordBody = z.strictObject({ email });

export const resetPasswordByLinkBody = z.strictObject({ token: linkToken, password: newPassword });
export type ResetPasswordByLinkBody = z.infer<typeof resetPasswordByLinkBody>;

export const checkLinkBody = z.strictObject({
  token: linkToken,
  purpose: z.enum([...linkPurposes, 'invitation']),
});
export type CheckLinkBody = z.infer<typeof checkLinkBody>;

/** For whom a link is. What its purpose does not need is null. */
export const checkedLink = z.object({
  email: z.string().nullable(),
  projectName: z.string().nullable(),
  hasAccount: z.boolean().nullable(),
});
export type CheckedLink = z.infer<typeof checkedLink>;

export const changeEmailBody = z.strictObject({ email });

export const changedEmail = z.object({
  sent: z.boolean().meta({ description: 'false: an administrator has to pass the link on' }),
});

export const confirmEmailBody = z.strictObject({ token: linkToken });

export const confirmedEmail = z.object({ email: z.string() });

export const endSessionBody = z.strictObject({ id: id('session') });

/** The person who is signed in. */
export const signedIn = z.object({ id: id('account'), email: z.string(), name: z.string() });

export const signedInAnswer = z.object({ account: signedIn });

/** Done, and there is nothing to tell. */
export const done = z.object({});

/** Both are null when nobody is signed in: that is no error, but what a page asks first. */
export const currentSession = z.object({
  session: z
    .object({ id: id('session'), createdAt: time, expiresAt: time, authenticatedAt: time })
    .nullable(),
  account: signedIn.nullable(),
});

const listedSession = z.object({
  id: id('session'),
  isCurrent: z.boolean(),
  createdAt: time,
  expiresAt: time,
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type ListedSession = z.infer<typeof listedSession>;
export const sessionList = z.object({ items: z.array(listedSession) });

/** What a page for signing in has to know before anybody signed in. */
export const publicInstance = z.object({
  name: z.string(),
  signup: z.enum(signupModes),
  supportUrl: z.string().nullable(),
  docsUrl: z.string().nullable(),
  isSetUp: z.boolean().meta({ description: 'false: the first administrator is still to be made' }),
  canSendMail: z.boolean().meta({ description: 'false: links are passed on by hand' }),
});
export type PublicInstance = z.infer<typeof publicInstance>;

/** Who calls, and what it is a part of. */
const port = z.number().int().nullable();

/** Where gateways meet this server, for who sets them up. */
const gateways = z.object({
  port: port.meta({ description: 'of the built-in gateway; null: it is switched off' }),
  domain: z.string().nullable().meta({ description: 'below it each channel has a host name there' }),
  authPort: port.meta({ description: 'on which proxies ask; null: on the main one' }),
});
export type Gateways = z.infer<typeof gateways>;

export const me = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('account'),
    id: id('account'),
    name: z.string(),
    email: z.string(),
    isInstanceAdmin: z.boolean(),
    projects: z.array(z.object({ id: id('project'), name: z.string(), role })),
    gateways,
  }),
  z.object({
    type: z.literal('service_key'),
    id: id('serviceKey'),
    name: z.string(),
    projectId: id('project').nullable().meta({ description: 'null: for the whole instance' }),
    scopes: z.array(serviceKeyScope),
  }),
]);
export type Me = z.infer<typeof me>;
