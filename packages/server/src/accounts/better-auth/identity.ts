import { APIError } from '@better-auth/core/error';
import { generateId } from '@better-auth/core/utils/id';
import { betterAuth } from 'better-auth/minimal';
import type { Clock } from '../../domain/clock.ts';
import { DomainError } from '../../domain/error.ts';
import { newId } from '../../domain/id.ts';
import type { Secret } from '../../keys/secret-format.ts';
import type { Identity, Session, Visit } from '../identity.ts';
import { hashPassword, verifyPassword } from '../password-hash.ts';
import { idleLifetimeMs, maxLifetimeMs } from '../session-lifetime.ts';
import { type AuthRecords, createAuthAdapter, tellingFailures, tokenField } from './adapter.ts';

interface IdentityOptions {
  records: AuthRecords;
  /** Signs the cookies. */
  secret: Secret;
  clock: Pick<Clock, 'now'>;
  logger: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Set by us alone: no header that a client sends gets through. */
const addressHeader = 'x-keywright-address';

/** Sign-in and sessions by better-auth. Nothing outside this folder knows it. */
export function createIdentity(options: IdentityOptions): Identity {
  const [plain, secure] = [createAuth(options, false), createAuth(options, true)];
  const authFor = ({ isSecure }: Visit) => (isSecure ? secure : plain);

  return {
    async signIn(visit, { email, password }) {
      const { api } = authFor(visit);
      const { headers, response } = await translated(() =>
        api.signInEmail({ body: { email, password }, headers: headersOf(visit), returnHeaders: true }),
      );
      const { id, name } = response.user;
      return { account: { id, email: response.user.email, name }, cookies: headers.getSetCookie() };
    },

    async signOut(visit) {
      const { api } = authFor(visit);
      const { headers } = await translated(() =>
        api.signOut({ headers: headersOf(visit), returnHeaders: true }),
      );
      // It takes back cookies too that it never set.
      const own = `${sessionCookieName(visit.isSecure)}=`;
      return { cookies: headers.getSetCookie().filter((cookie) => cookie.startsWith(own)) };
    },

    findSession: (visit) => findByCookie(authFor(visit), visit),

    showsSession({ cookie, isSecure }) {
      const name = sessionCookieName(isSecure);
      return (cookie ?? '').split(';').some((pair) => pair.trimStart().startsWith(`${name}=`));
    },
  };
}

type Auth = ReturnType<typeof createAuth>;

async function findByCookie({ api }: Auth, visit: Visit): Promise<Session | null> {
  const found = await translated(() => api.getSession({ headers: headersOf(visit) }));
  if (found === null) return null;
  const { session, user } = found;
  return {
    id: session.id,
    account: { id: user.id, email: user.email, name: user.name },
    createdAt: session.createdAt.getTime(),
    expiresAt: session.expiresAt.getTime(),
    authenticatedAt: session.authenticatedAt.getTime(),
  };
}

/** With the `__Host-` prefix a browser takes it from this host alone, and over https alone. */
function sessionCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-keywright_session' : 'keywright_session';
}

function createAuth({ records, secret, clock, logger }: IdentityOptions, isSecure: boolean) {
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
      log: (level, message) => logger[level === 'error' ? 'error' : 'warn']({ message }, 'better-auth'),
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
    },
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
        generateId: ({ model }) =>
          model === 'user' || model === 'session'
            ? newId(model === 'user' ? 'account' : 'session', clock.now())
            : generateId(),
      },
      // The name has its prefix already, and it would put its own before it.
      useSecureCookies: false,
      cookies: {
        session_token: { name: sessionCookieName(isSecure), attributes: { secure: isSecure } },
      },
    },
  });
}

const maxPasswordBytes = 1024;

function headersOf({ cookie, address, userAgent }: Visit): Headers {
  return new Headers({
    [addressHeader]: address,
    ...(cookie !== undefined && { cookie }),
    ...(userAgent !== undefined && { 'user-agent': userAgent.slice(0, 500) }),
  });
}

async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await tellingFailures(run);
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
    const wrongDetail = 'The e-mail address or the password is wrong.';
    if (error.statusCode === 401) throw new DomainError('unauthenticated', { detail: wrongDetail });
    throw new DomainError('validation_failed', { detail: error.message, cause: error });
  }
}
