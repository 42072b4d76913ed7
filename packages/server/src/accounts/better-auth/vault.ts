import { createOTP } from '@better-auth/utils/otp';
import {
  constantTimeEqual,
  generateRandomString,
  symmetricDecrypt,
  symmetricEncrypt,
} from 'better-auth/crypto';
import type { Secret } from '../../keys/secret-format.ts';
import type { SecondFactorVault } from '../second-factor-vault.ts';

const stepMs = 30_000;
const digits = 6;

/**
 * Codes by RFC 6238 as all authenticator apps know them, and keeping their secrets as better-auth's plugin keeps them:
 * sealed with XChaCha20-Poly1305 under what also signs the sessions.
 */
export function createSecondFactorVault(secret: Secret): SecondFactorVault {
  const key = { keys: new Map([[1, secret.reveal()]]), currentVersion: 1 };
  return {
    newSecret: () => generateRandomString(32),

    present(text, { issuer, account }) {
      // Apps show a + in the issuer as it stands.
      const uri = createOTP(text, { digits, period: stepMs / 1000 })
        .url(issuer, account)
        .replaceAll('+', '%20');
      return { secret: new URL(uri).searchParams.get('secret') ?? '', uri };
    },

    seal: (data) => symmetricEncrypt({ key, data }),

    async open(data) {
      try {
        return await symmetricDecrypt({ key, data });
      } catch (cause) {
        throw new Error(
          'What is kept of a second factor cannot be opened: KEYWRIGHT_SECRET (or the file keywright.secret) is ' +
            'another than when it was turned on. `keywright admin reset-password --without-second-factor` takes it away.',
          { cause },
        );
      }
    },

    async findStep(text, code, now) {
      const current = Math.floor(now / stepMs);
      const otp = createOTP(text, { digits });
      let found: number | null = null;
      for (const step of [current - 1, current, current + 1]) {
        if (constantTimeEqual(await otp.hotp(step), code)) found = step;
      }
      return found;
    },
  };
}
