/** How a request came: what signing in and sessions need to know of it. */
export interface Visit {
  /** The `Cookie` header. */
  cookie: string | undefined;
  address: string;
  userAgent: string | undefined;
  /** By https: then the cookie is for https only. */
  isSecure: boolean;
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
  /** When the password was last proved in it. */
  authenticatedAt: number;
}

interface Credentials {
  email: string;
  password: string;
}

/** Signing in and sessions. What it answers as `cookies` are values for `Set-Cookie`. */
export interface Identity {
  /** @throws unauthenticated, in the same words and after the same time whether the e-mail or the password is wrong */
  signIn(visit: Visit, credentials: Credentials): Promise<{ account: SignedIn; cookies: string[] }>;
  /** Ends the session, if there is one. */
  signOut(visit: Visit): Promise<{ cookies: string[] }>;
  /** The session that the visit belongs to; null: none that is still alive. */
  findSession(visit: Visit): Promise<Session | null>;
  /** Whether the visit shows a session at all, alive or not. Asks no database. */
  showsSession(visit: Visit): boolean;
}
