import type {
  backupCodesAnswer,
  ChangePasswordBody,
  CheckedLink,
  CheckLinkBody,
  changedEmail,
  confirmedEmail,
  currentSession,
  ListedSession,
  PublicInstance,
  passkeyOptions,
  passkeySignInBody,
  ReauthenticateBody,
  ResetPasswordByLinkBody,
  registerPasskeyBody,
  renamePasskeyBody,
  Security,
  SetUpBody,
  SignInBody,
  SignUpBody,
  secondFactorBody,
  signedInAnswer,
  signInAnswer,
  twoFactorSecret,
} from '@keywright/contract';
import type { z } from 'zod';
import { send } from './send.ts';

export type SignInAnswer = z.infer<typeof signInAnswer>;
type PasskeyOptions = z.infer<typeof passkeyOptions>;
type BackupCodes = z.infer<typeof backupCodesAnswer>;

/** The routes for browsers: signing in, and one's own account. What goes in and comes out of each. */
interface AuthRoutes {
  'GET /instance': [never, PublicInstance];
  'GET /get-session': [never, z.infer<typeof currentSession>];
  'POST /setup': [SetUpBody, object];
  'POST /sign-in/email': [SignInBody, SignInAnswer];
  'POST /sign-in/second-factor': [z.input<typeof secondFactorBody>, SignInAnswer];
  'POST /passkey/sign-in-options': [object, PasskeyOptions];
  'POST /passkey/sign-in': [z.input<typeof passkeySignInBody>, SignInAnswer];
  'POST /sign-up/email': [SignUpBody, object];
  'POST /sign-out': [never, object];
  'POST /reauthenticate': [ReauthenticateBody, object];
  'POST /forgot-password': [{ email: string }, object];
  'POST /reset-password': [ResetPasswordByLinkBody, object];
  'POST /check-link': [CheckLinkBody, CheckedLink];
  'POST /confirm-email': [{ token: string }, z.infer<typeof confirmedEmail>];
  'POST /update-profile': [{ name: string }, z.infer<typeof signedInAnswer>];
  'POST /change-email': [{ email: string }, z.infer<typeof changedEmail>];
  'POST /cancel-email-change': [object, object];
  'POST /change-password': [ChangePasswordBody, object];
  'GET /security': [never, Security];
  'POST /two-factor/begin': [object, z.infer<typeof twoFactorSecret>];
  'POST /two-factor/enable': [z.input<typeof secondFactorBody>, BackupCodes];
  'POST /two-factor/disable': [object, object];
  'POST /two-factor/backup-codes': [object, BackupCodes];
  'POST /passkey/register-options': [object, PasskeyOptions];
  'POST /passkey/register': [z.input<typeof registerPasskeyBody>, object];
  'POST /passkey/rename': [z.input<typeof renamePasskeyBody>, object];
  'POST /passkey/delete': [{ id: string }, object];
  'GET /list-sessions': [never, { items: ListedSession[] }];
  'POST /revoke-session': [{ id: string }, object];
  'POST /revoke-other-sessions': [never, object];
}

type AuthRoute = keyof AuthRoutes;

/** @throws ApiError, UnreachableError */
export async function auth<R extends AuthRoute>(
  route: R,
  ...[body]: AuthRoutes[R][0] extends never ? [] : [body: AuthRoutes[R][0]]
): Promise<AuthRoutes[R][1]> {
  const [method = '', path = ''] = route.split(' ');
  return (await send(method, `/api/auth${path}`, { body })) as AuthRoutes[R][1];
}
