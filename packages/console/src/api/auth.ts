import type {
  ChangePasswordBody,
  currentSession,
  ListedSession,
  PublicInstance,
  SetUpBody,
  SignInBody,
  SignUpBody,
  signedInAnswer,
} from '@keywright/contract';
import type { z } from 'zod';
import { send } from './send.ts';

/** The routes for browsers: signing in, and one's own account. What goes in and comes out of each. */
interface AuthRoutes {
  'GET /instance': [never, PublicInstance];
  'GET /get-session': [never, z.infer<typeof currentSession>];
  'POST /setup': [SetUpBody, object];
  'POST /sign-in/email': [SignInBody, z.infer<typeof signedInAnswer>];
  'POST /sign-up/email': [SignUpBody, object];
  'POST /sign-out': [never, object];
  'POST /reauthenticate': [{ password: string }, object];
  'POST /change-password': [ChangePasswordBody, object];
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
