import { useNavigate } from '@tanstack/react-router';
import { auth } from '../api/auth.ts';
import { queryClient } from '../api/queries.ts';

/** Signs a new account in, and goes to its keys. */
export function useEnter(): (credentials: { email: string; password: string }) => Promise<void> {
  const navigate = useNavigate();
  return async ({ email, password }) => {
    await auth('POST /sign-in/email', { email, password });
    queryClient.clear();
    await navigate({ to: '/apikeys' });
  };
}
