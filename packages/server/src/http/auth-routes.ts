import type { Hono } from 'hono';
import type { HttpEnv } from '../wire/exchange.ts';
import type { AuthRoute } from './auth-route.ts';
import type { HttpDependencies } from './dependencies.ts';
import { cancelEmailChangeRoute } from './routes/auth/cancel-email-change.ts';
import { changeEmailRoute } from './routes/auth/change-email.ts';
import { changePasswordRoute } from './routes/auth/change-password.ts';
import { checkLinkRoute } from './routes/auth/check-link.ts';
import { confirmEmailRoute } from './routes/auth/confirm-email.ts';
import { forgotPasswordRoute } from './routes/auth/forgot-password.ts';
import { getSessionRoute } from './routes/auth/get-session.ts';
import { publicInstanceRoute } from './routes/auth/instance.ts';
import { listSessionsRoute } from './routes/auth/list-sessions.ts';
import { passkeyDeleteRoute } from './routes/auth/passkey-delete.ts';
import { passkeyRegisterRoute } from './routes/auth/passkey-register.ts';
import { passkeyRegisterOptionsRoute } from './routes/auth/passkey-register-options.ts';
import { passkeyRenameRoute } from './routes/auth/passkey-rename.ts';
import { passkeySignInRoute } from './routes/auth/passkey-sign-in.ts';
import { passkeySignInOptionsRoute } from './routes/auth/passkey-sign-in-options.ts';
import { reauthenticateRoute } from './routes/auth/reauthenticate.ts';
import { resetPasswordByLinkRoute } from './routes/auth/reset-password.ts';
import { revokeOtherSessionsRoute } from './routes/auth/revoke-other-sessions.ts';
import { revokeSessionRoute } from './routes/auth/revoke-session.ts';
import { securityRoute } from './routes/auth/security.ts';
import { setUpRoute } from './routes/auth/set-up.ts';
import { signInRoute } from './routes/auth/sign-in.ts';
import { signInSecondFactorRoute } from './routes/auth/sign-in-second-factor.ts';
import { signOutRoute } from './routes/auth/sign-out.ts';
import { signUpRoute } from './routes/auth/sign-up.ts';
import { renewBackupCodesRoute } from './routes/auth/two-factor-backup-codes.ts';
import { beginTwoFactorRoute } from './routes/auth/two-factor-begin.ts';
import { disableTwoFactorRoute } from './routes/auth/two-factor-disable.ts';
import { enableTwoFactorRoute } from './routes/auth/two-factor-enable.ts';
import { updateProfileRoute } from './routes/auth/update-profile.ts';

/** All that is reachable under `/api/auth`. What else the library behind it could do is not. */
const authRoutes: readonly AuthRoute[] = [
  publicInstanceRoute,
  setUpRoute,
  signUpRoute,
  signInRoute,
  signOutRoute,
  getSessionRoute,
  reauthenticateRoute,
  changePasswordRoute,
  forgotPasswordRoute,
  resetPasswordByLinkRoute,
  checkLinkRoute,
  changeEmailRoute,
  cancelEmailChangeRoute,
  confirmEmailRoute,
  listSessionsRoute,
  revokeSessionRoute,
  revokeOtherSessionsRoute,
  securityRoute,
  updateProfileRoute,
  signInSecondFactorRoute,
  beginTwoFactorRoute,
  enableTwoFactorRoute,
  disableTwoFactorRoute,
  renewBackupCodesRoute,
  passkeyRegisterOptionsRoute,
  passkeyRegisterRoute,
  passkeySignInOptionsRoute,
  passkeySignInRoute,
  passkeyRenameRoute,
  passkeyDeleteRoute,
];

export function registerAuthRoutes(app: Hono<HttpEnv>, dependencies: HttpDependencies): void {
  for (const { method, path, handle } of authRoutes) app.on(method, path, (c) => handle(c, dependencies));
}
