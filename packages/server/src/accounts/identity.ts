import type { PasskeyCeremonies } from './passkey-ceremonies.ts';

/** How a request came: what signing in and sessions need to know of it. */
export interface Visit {
  /** The `Cookie` header. */
  cookie: string | undefined;
  address: string;
  userAgent: string | undefined;
  /** By https: then the cookie is for https only. */
  isSecure: boolean;
  /** Of the page that it came from, if that is one of our own. */
  origin: string;
}

/** Who is signed in. */
export interface SignedIn {
  id: string;
  email: string;
  name: string;
}

/** A browser that somebody signed in with. */
export interface Session {
  id: string;
  account: SignedIn;
  createdAt: number;
  expiresAt: number;
  /** When the person last proved in it who it is. */
  authenticatedAt: number;
}

interface Credentials {
  email: string;
  password: string;
}

/** Signing in and sessions. What it answers as `cookies` are values for `Set-Cookie`. */
export interface Identity {
  /**
   * @returns null for the account when the password was right and the second factor is still to come
   * @throws unauthenticated, in the same words and after the same time whether the e-mail or the password is wrong
   */
  signIn(visit: Visit, credentials: Credentials): Promise<{ account: SignedIn | null; cookies: string[] }>;
  /** Whose sign-in waits for its second factor here, for ten minutes; null: nobody's. */
  findPending(visit: Visit): Promise<SignedIn | null>;
  /** Begins the session of the sign-in that waits. @throws unauthenticated when another request got it */
  completeSignIn(visit: Visit): Promise<{ account: SignedIn; cookies: string[] }>;
  passkeys: PasskeyCeremonies;
  /** Ends the session, if there is one. */
  signOut(visit: Visit): Promise<{ cookies: string[] }>;
  /** The session that the visit belongs to; null: none that is still alive. */
  findSession(visit: Visit): Promise<Session | null>;
  /** Whether the visit shows a session at all, alive or not. Asks no database. */
  showsSession(visit: Visit): boolean;
}
