import { z } from 'zod';
import { secondFactorCode, signedIn } from './account.ts';
import { id } from './id.ts';
import { text, time } from './text.ts';

export const secondFactorBody = z.strictObject({ code: secondFactorCode });

/** Without an account the password was right, and the second factor is still to come. */
export const signInAnswer = z.object({ account: signedIn.nullable(), secondFactor: z.boolean() });

export const noFields = z.strictObject({});

export const twoFactorSecret = z.object({
  secret: z.string().meta({ description: 'base32, to be typed into an app that cannot read the picture' }),
  uri: z.string().meta({ description: 'otpauth://…, for the picture that an app reads' }),
});

export const backupCodesAnswer = z.object({ backupCodes: z.array(z.string()) });

const passkeyName = text({ max: 100 });

/** What `navigator.credentials` answered, as JSON (WebAuthn's `toJSON`). What is in it is looked at later. */
const credentialResponse = z.looseObject({
  id: z.string().min(1).max(2000),
  rawId: z.string().min(1).max(2000),
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: z.string().max(10_000),
    attestationObject: z.string().max(20_000).exactOptional(),
    transports: z.array(z.string().max(50)).max(10).exactOptional(),
  }),
  clientExtensionResults: z.looseObject({}),
});
export type CredentialResponse = z.infer<typeof credentialResponse>;

export const registerPasskeyBody = z.strictObject({ name: passkeyName, response: credentialResponse });
export const passkeySignInBody = z.strictObject({ response: credentialResponse });
export const renamePasskeyBody = z.strictObject({ id: id('passkey'), name: passkeyName });
export const deletePasskeyBody = z.strictObject({ id: id('passkey') });

/** What `navigator.credentials` is asked with, as JSON (`parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON`). */
export const passkeyOptions = z.object({ options: z.looseObject({ challenge: z.string() }) });

export const passkey = z.object({
  id: id('passkey'),
  name: z.string(),
  createdAt: time,
  lastUsedAt: time.nullable(),
});
export type Passkey = z.infer<typeof passkey>;

export const security = z.object({
  twoFactor: z.object({ isOn: z.boolean(), backupCodesLeft: z.number().int() }),
  passkeys: z.array(passkey),
  passkeysAvailable: z.boolean(),
  passkeysUnavailableReason: z.string().nullable(),
  pendingEmail: z
    .object({
      email: z.string(),
      linkExpiresAt: time.nullable().meta({ description: 'null: no link that would work is out' }),
    })
    .nullable()
    .meta({ description: 'the address that was asked for and is not confirmed yet' }),
});
export type Security = z.infer<typeof security>;
