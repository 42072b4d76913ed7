import { APIError } from '@better-auth/core/error';
import { DomainError, invalidField } from '../../domain/error.ts';
import type { Visit } from '../identity.ts';
import type { PasskeyCeremonies } from '../passkey-ceremonies.ts';
import { telling, tellingFailures } from './adapter.ts';
import type { Auth } from './auth.ts';
import { headersOf, ownCookies, toSignedIn } from './visit.ts';

/** @see PasskeyCeremonies */
export function createPasskeyCeremonies(authFor: (visit: Visit) => Auth): PasskeyCeremonies {
  return {
    async askForNew(visit) {
      const { api } = authFor(visit);
      const { headers, response } = await tellingFailures(() =>
        api.generatePasskeyRegistrationOptions({ headers: headersOf(visit), returnHeaders: true }),
      );
      return { options: { ...response }, cookies: ownCookies(visit, headers) };
    },

    async keepNew(visit, { name, response, tell }) {
      const { api } = authFor(visit);
      const keep = () =>
        api.verifyPasskeyRegistration({ headers: headersOf(visit), body: { name, response } });
      try {
        await telling(
          'auth_passkeys',
          ({ id }) => tell(String(id)),
          () => tellingFailures(keep),
        );
      } catch (error) {
        if (!(error instanceof APIError)) throw error;
        throw invalidField(
          'response',
          'is no new passkey that fits what your browser was asked with, or it came too late',
        );
      }
    },

    async askForSignIn(visit) {
      const { api } = authFor(visit);
      // Without a cookie, or it would name the passkeys of who is signed in.
      const { headers, response } = await tellingFailures(() =>
        api.generatePasskeyAuthenticationOptions({
          headers: headersOf({ ...visit, cookie: undefined }),
          returnHeaders: true,
        }),
      );
      return {
        options: { ...response, userVerification: 'required' },
        cookies: ownCookies(visit, headers),
      };
    },

    async signIn(visit, response) {
      const { api } = authFor(visit);
      try {
        const answer = await tellingFailures(() =>
          api.verifyPasskeyAuthentication({
            headers: headersOf(visit),
            // Its parts are looked at by who verifies them.
            body: { response: response as never },
            returnHeaders: true,
          }),
        );
        return {
          account: toSignedIn(answer.response.user),
          cookies: ownCookies(visit, answer.headers),
        };
      } catch (error) {
        if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
        throw new DomainError('unauthenticated', {
          detail: 'This passkey signs nobody in here, or the attempt took too long: try again.',
          cause: error,
        });
      }
    },
  };
}
