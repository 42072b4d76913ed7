import type { CredentialResponse } from '@keywright/contract';
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import { auth, type SignInAnswer } from '../api/auth.ts';
import { baseText } from '../text/text.tsx';

/** The browser or the person did not go through with it: said in words, since the server knows nothing of it. */
export class CeremonyError extends Error {}

/** @throws CeremonyError, ApiError, UnreachableError */
export async function signInWithPasskey(): Promise<SignInAnswer> {
  const { options } = await auth('POST /passkey/sign-in-options', {});
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  const response = await startAuthentication({ optionsJSON }).catch(explain);
  return auth('POST /passkey/sign-in', { response: toPlain(response) });
}

/** @throws CeremonyError, ApiError, UnreachableError */
export async function registerPasskey(name: string): Promise<void> {
  const { options } = await auth('POST /passkey/register-options', {});
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const response = await startRegistration({ optionsJSON }).catch(explain);
  await auth('POST /passkey/register', { name, response: toPlain(response) });
}

/** What the browser answered, without what is undefined in it. */
function toPlain(response: object): CredentialResponse {
  return JSON.parse(JSON.stringify(response)) as CredentialResponse;
}

function explain(error: unknown): never {
  const name = error instanceof Error ? error.name : '';
  const cause = error instanceof Error ? error.cause : null;
  const isKnown =
    name === 'InvalidStateError' || (cause instanceof Error && cause.name === 'InvalidStateError');
  if (isKnown) throw new CeremonyError(baseText('passkey.already'));
  if (name === 'NotAllowedError' || name === 'AbortError')
    throw new CeremonyError(baseText('passkey.cancelled'));
  throw new CeremonyError(baseText('passkey.browserFailed'));
}
