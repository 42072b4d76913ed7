import type { CredentialResponse } from '@keywright/contract';
import type { Told } from './auth-records.ts';
import type { SignedIn, Visit } from './identity.ts';

/** What a browser is asked with. */
export interface PasskeyRequest {
  options: Record<string, unknown> & { challenge: string };
  cookies: string[];
}

/** What goes on between a browser and the server until a passkey is made or used. Each request is good once, for minutes. */
export interface PasskeyCeremonies {
  /** For the account of the visit's session, which must be alive. */
  askForNew(visit: Visit): Promise<PasskeyRequest>;
  /**
   * Keeps the passkey that a browser made.
   * @param tell by the id of the passkey: what the ledger says, in the same transaction
   * @throws validation_failed when it does not fit what the browser was asked with
   */
  keepNew(
    visit: Visit,
    passkey: { name: string; response: CredentialResponse; tell(id: string): Told },
  ): Promise<void>;
  /** For whoever has a passkey for this server. */
  askForSignIn(visit: Visit): Promise<PasskeyRequest>;
  /** Begins a session. @throws unauthenticated, in the same words whatever is wrong */
  signIn(visit: Visit, response: CredentialResponse): Promise<{ account: SignedIn; cookies: string[] }>;
}
