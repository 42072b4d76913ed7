import { generateId } from '@better-auth/core/utils/id';
import type { IdKind } from '@keywright/contract';
import { betterAuth } from 'better-auth/minimal';
import type { Clock } from '../../domain/clock.ts';
import { newId } from '../../domain/id.ts';
import type { Secret } from '../../keys/secret-format.ts';
import { hashPassword, verifyPassword } from '../password-hash.ts';
import type { RelyingParty } from '../relying-party.ts';
import { idleLifetimeMs, maxLifetimeMs } from '../session-lifetime.ts';
import { type AuthRecords, createAuthAdapter, tokenField } from './adapter.ts';
import { challengeCookie, createPasskeys, passkeyColumns } from './passkeys.ts';
import { createTwoFactor, pendingCookie, secondStep } from './second-step.ts';

export interface AuthOptions {
  records: AuthRecords;
  /** Signs the cookies. */
  secret: Secret;
  clock: Pick<Clock, 'now'>;
  /** Null: passkeys cannot work here, and nobody asks for one. */
  relyingParty: RelyingParty | null;
  logger: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Set by us alone: no header that a client sends gets through. */
export const addressHeader = 'x-keywright-address';

/** With the `__Host-` prefix a browser takes it from this host alone, and over https alone. */
export function sessionCookieName(isSecure: boolean): string {
  return cookieName('session', isSecure);
}

/** Of a sign-in that waits for its second factor, and of a passkey that was asked for. */
export function passingCookieNames(isSecure: boolean): string[] {
  return [cookieName('pending', isSecure), cookieName('passkey', isSecure)];
}

function cookieName(name: string, isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}keywright_${name}`;
}

/** better-auth with what it may do for us; what has no use here is out of reach, since nothing calls it. */
export function createAuth({ records, secret, clock, logger, relyingParty }: AuthOptions, isSecure: boolean) {
  const cookie = (name: string) => ({ name: cookieName(name, isSecure), attributes: { secure: isSecure } });
  return betterAuth({
    appName: 'Keywright',
    // It is never asked for an address: cookies are for the host alone, and nothing of it redirects.
    baseURL: 'http://keywright.invalid',
    basePath: '/api/auth',
    secrets: [{ version: 1, value: secret.reveal() }],
    database: createAuthAdapter(records),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'error',
      // The rest of what it says may hold anything, what it was asked for among it.
      log: (level, message) => {
        // What a browser sent was wrong: that is no fault of ours.
        const isFault =
          level === 'error' && !/^Failed to verify (authentication|registration)$/.test(message);
        logger[isFault ? 'error' : 'warn']({ message }, 'better-auth');
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: maxPasswordBytes,
      password: { hash: hashPassword, verify: ({ password, hash }) => verifyPassword(password, hash) },
    },
    user: {
      modelName: 'auth_users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'auth_sessions',
      fields: {
        userId: 'user_id',
        token: tokenField,
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
      additionalFields: {
        authenticatedAt: {
          type: 'date',
          fieldName: 'authenticated_at',
          required: true,
          input: false,
          defaultValue: () => new Date(clock.now()),
        },
      },
      // The cookie lives as long as a session can; how long the session itself does is for the server to say.
      expiresIn: maxLifetimeMs / 1000,
      disableSessionRefresh: true,
      // Whether who somebody is was proved lately enough is asked by us.
      freshAge: 0,
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'auth_credentials',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'auth_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      storeIdentifier: 'hashed',
    },
    plugins: [
      createTwoFactor(),
      secondStep,
      createPasskeys(relyingParty ?? noRelyingParty, clock),
      passkeyColumns,
    ],
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: {
              ...session,
              ipAddress: context?.headers?.get(addressHeader) ?? null,
              expiresAt: new Date(clock.now() + idleLifetimeMs),
            },
          }),
        },
      },
    },
    advanced: {
      ipAddress: { disableIpTracking: true },
      database: {
        generateId: ({ model }) => {
          const kind = idKinds[model];
          return kind === undefined ? generateId() : newId(kind, clock.now());
        },
      },
      // The name has its prefix already, and it would put its own before it.
      useSecureCookies: false,
      cookies: {
        session_token: cookie('session'),
        [pendingCookie]: cookie('pending'),
        [challengeCookie]: cookie('passkey'),
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;

const maxPasswordBytes = 1024;

/** What better-auth calls what gets ids of ours. */
const idKinds: Partial<Record<string, IdKind>> = { user: 'account', session: 'session', passkey: 'passkey' };

/** A name that no browser can be at. */
const noRelyingParty: RelyingParty = { id: 'keywright.invalid', origin: 'https://keywright.invalid' };
