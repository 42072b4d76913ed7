import { APIError } from '@better-auth/core/error';
import { DomainError } from '../../domain/error.ts';
import type { Identity, Session, Visit } from '../identity.ts';
import { tellingFailures } from './adapter.ts';
import { type AuthOptions, addressHeader, createAuth, sessionCookieName } from './auth.ts';

/** Sign-in and sessions by better-auth. Nothing outside this folder knows it. */
export function createIdentity(options: AuthOptions): Identity {
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
