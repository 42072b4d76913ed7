import { createAuthEndpoint } from '@better-auth/core/api';
import { APIError } from '@better-auth/core/error';
import { expireCookie, setSessionCookie } from 'better-auth/cookies';
import { twoFactor } from 'better-auth/plugins/two-factor';

/** What better-auth calls the cookie of a sign-in that waits for a second factor. */
export const pendingCookie = 'two_factor';
const pendingMinutes = 10;

/**
 * better-auth's plugin, of which the way of a sign-in is used: after a right password it takes the session back, and
 * keeps in a signed cookie that a second factor is to come. Its own looking at codes is not: it takes a code twice, and
 * its counting of guesses writes to the database.
 */
export function createTwoFactor() {
  return twoFactor({
    twoFactorCookieMaxAge: pendingMinutes * 60,
    schema: {
      user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
      twoFactor: {
        modelName: 'auth_second_factors',
        fields: {
          userId: 'user_id',
          backupCodes: 'backup_codes',
          failedVerificationCount: 'failed_verification_count',
          lockedUntil: 'locked_until',
        },
      },
    },
  });
}

/** The rest of the way: whose sign-in waits, and its end. For calls from inside only. */
export const secondStep = {
  id: 'keywright-second-step',
  // Our own columns, and what is unique.
  schema: {
    twoFactor: {
      modelName: 'auth_second_factors',
      fields: {
        userId: {
          type: 'string',
          required: true,
          returned: false,
          unique: true,
          fieldName: 'user_id',
          references: { model: 'user', field: 'id' },
        },
        lastStep: { type: 'number', required: false, input: false, returned: false, fieldName: 'last_step' },
        since: { type: 'number', required: false, input: false, returned: false },
      },
    },
  },
  endpoints: {
    findPendingSignIn: createAuthEndpoint.serverOnly(
      { method: 'POST', requireHeaders: true },
      async (ctx) => {
        const { name } = ctx.context.createAuthCookie(pendingCookie);
        const identifier = await ctx.getSignedCookie(name, ctx.context.secret);
        if (!identifier) return null;
        const pending = await ctx.context.internalAdapter.findVerificationValue(identifier);
        if (!pending || pending.expiresAt.getTime() <= Date.now()) return null;
        return ctx.context.internalAdapter.findUserById(pending.value);
      },
    ),

    completeSignIn: createAuthEndpoint.serverOnly({ method: 'POST', requireHeaders: true }, async (ctx) => {
      const { internalAdapter, secret, createAuthCookie } = ctx.context;
      const cookie = createAuthCookie(pendingCookie);
      const identifier = await ctx.getSignedCookie(cookie.name, secret);
      // Of several at once only one gets it.
      const pending = identifier ? await internalAdapter.consumeVerificationValue(identifier) : null;
      const user = pending && (await internalAdapter.findUserById(pending.value));
      if (!user) throw new APIError('UNAUTHORIZED');
      const session = await internalAdapter.createSession(user.id);
      await setSessionCookie(ctx, { session, user });
      expireCookie(ctx, cookie);
      return user;
    }),
  },
} as const;
