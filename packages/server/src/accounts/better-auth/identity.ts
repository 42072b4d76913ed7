import { APIError } from '@better-auth/core/error';
import { DomainError } from '../../domain/error.ts';
import type { Identity, Session, Visit } from '../identity.ts';
import type { Passkeys } from '../relying-party.ts';
import { tellingFailures } from './adapter.ts';
import { type Auth, type AuthOptions, createAuth, sessionCookieName } from './auth.ts';
import { createPasskeyCeremonies } from './passkey-ceremonies.ts';
import { headersOf, ownCookies, toSignedIn } from './visit.ts';

interface IdentityOptions extends Omit<AuthOptions, 'relyingParty'> {
  /** Where passkeys work; it is asked when somebody comes, since the server listens only then. */
  passkeys(): Passkeys;
}

/** Sign-in and sessions by better-auth. Nothing outside this folder knows it. */
export function createIdentity({ passkeys, ...options }: IdentityOptions): Identity {
  const auths = new Map<boolean, Auth>();
  const authFor = ({ isSecure }: Visit) => {
    const known = auths.get(isSecure);
    if (known) return known;
    const found = passkeys();
    const relyingParty = 'relyingParty' in found ? found.relyingParty : null;
    const made = createAuth({ ...options, relyingParty }, isSecure);
    auths.set(isSecure, made);
    return made;
  };

  return {
    async signIn(visit, { email, password }) {
      const { api } = authFor(visit);
      const { headers, response } = await translated(() =>
        api.signInEmail({ body: { email, password }, headers: headersOf(visit), returnHeaders: true }),
      );
      // What the plugin of second factors answers instead is not in the type.
      const isPending = 'twoFactorRedirect' in response;
      const account = isPending ? null : toSignedIn(response.user);
      return { account, cookies: ownCookies(visit, headers, isPending ? 'passing' : 'all') };
    },

    async findPending(visit) {
      const { api } = authFor(visit);
      const user = await translated(() => api.findPendingSignIn({ headers: headersOf(visit) }));
      return user && toSignedIn(user);
    },

    async completeSignIn(visit) {
      const { api } = authFor(visit);
      const { headers, response } = await translated(
        () => api.completeSignIn({ headers: headersOf(visit), returnHeaders: true }),
        'This sign-in was finished already, or it took too long: begin with the password again.',
      );
      return { account: toSignedIn(response), cookies: ownCookies(visit, headers) };
    },

    passkeys: createPasskeyCeremonies(authFor),

    async signOut(visit) {
      const { api } = authFor(visit);
      const { headers } = await translated(() =>
        api.signOut({ headers: headersOf(visit), returnHeaders: true }),
      );
      return { cookies: ownCookies(visit, headers) };
    },

    findSession: (visit) => findByCookie(authFor(visit), visit),

    showsSession({ cookie, isSecure }) {
      const name = sessionCookieName(isSecure);
      return (cookie ?? '').split(';').some((pair) => pair.trimStart().startsWith(`${name}=`));
    },
  };
}

async function findByCookie({ api }: Auth, visit: Visit): Promise<Session | null> {
  const found = await translated(() => api.getSession({ headers: headersOf(visit) }));
  if (found === null) return null;
  const { session, user } = found;
  return {
    id: session.id,
    account: toSignedIn(user),
    createdAt: session.createdAt.getTime(),
    expiresAt: session.expiresAt.getTime(),
    authenticatedAt: session.authenticatedAt.getTime(),
  };
}

/** @param wrongDetail what to say when it is not who it should be */
async function translated<T>(
  run: () => Promise<T>,
  wrongDetail = 'The e-mail address or the password is wrong.',
): Promise<T> {
  try {
    return await tellingFailures(run);
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
    if (error.statusCode === 401) throw new DomainError('unauthenticated', { detail: wrongDetail });
    throw new DomainError('validation_failed', { detail: error.message, cause: error });
  }
}
