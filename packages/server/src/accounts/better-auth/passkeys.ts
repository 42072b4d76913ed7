import { APIError } from '@better-auth/core/error';
import { passkey } from '@better-auth/passkey';
import type { Clock } from '../../domain/clock.ts';
import type { RelyingParty } from '../relying-party.ts';

/** What better-auth calls the cookie of a passkey that was asked for. */
export const challengeCookie = 'passkey_challenge';

/**
 * better-auth's plugin for passkeys. It would do without the authenticator having asked for the PIN, the finger or the
 * face; with it a passkey is both factors, so that here it must have.
 */
export function createPasskeys({ id, origin }: RelyingParty, clock: Pick<Clock, 'now'>) {
  return passkey({
    rpID: id,
    origin,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    advanced: { webAuthnChallengeCookie: challengeCookie },
    registration: {
      afterVerification: async ({ ctx, verification: { registrationInfo } }) => {
        if (!registrationInfo?.userVerified) throw unverified();
        const { id: value } = registrationInfo.credential;
        const known = await ctx.context.adapter.findOne({
          model: 'passkey',
          where: [{ field: 'credentialID', value }],
        });
        if (known) throw new APIError('BAD_REQUEST', { message: 'the passkey is known already' });
      },
    },
    authentication: {
      afterVerification: async ({ ctx, verification: { authenticationInfo } }) => {
        if (!authenticationInfo.userVerified) throw unverified();
        await ctx.context.adapter.update({
          model: 'passkey',
          where: [{ field: 'credentialID', value: authenticationInfo.credentialID }],
          update: { lastUsedAt: new Date(clock.now()) },
        });
      },
    },
    schema: {
      passkey: {
        modelName: 'auth_passkeys',
        fields: {
          publicKey: 'public_key',
          userId: 'user_id',
          credentialID: 'credential_id',
          deviceType: 'device_type',
          backedUp: 'backed_up',
          createdAt: 'created_at',
        },
      },
    },
  });
}

function unverified(): APIError {
  return new APIError('UNAUTHORIZED', { message: 'the authenticator did not verify its user' });
}

/** Our own column, and what is unique. */
export const passkeyColumns = {
  id: 'keywright-passkeys',
  schema: {
    passkey: {
      modelName: 'auth_passkeys',
      fields: {
        credentialID: { type: 'string', required: true, unique: true, fieldName: 'credential_id' },
        lastUsedAt: { type: 'date', required: false, input: false, fieldName: 'last_used_at' },
      },
    },
  },
} as const;
