import type { Policy } from '@keywright/contract';
import { ApiError } from '../api/api-error.ts';
import { sentence } from '../sign-in/form.tsx';
import { endOfDay } from '../text/times.ts';

/** What is typed into the form for a new key. */
export interface NewKeyValues {
  name: string;
  description: string;
  /** A number of days, `never`, or `date` for the one that is typed. */
  lifetime: string;
  date: string;
  scopes: string;
  ipAllow: string;
  /** The id of an account, `external` for the id that is typed, or `nobody`. */
  owner: string;
  ownerId: string;
}

/** In how many days a key may expire, to choose from. */
export const lifetimes = [7, 30, 90, 365] as const;
export const dayMs = 86_400_000;

/** Whether a policy lets a key be without an end. */
export function mayLastForever({ maxLifetimeDays, expiry }: Policy): boolean {
  return maxLifetimeDays === null && expiry !== 'required';
}

/** The longest of them that is not too long, and 90 at most. */
export function firstLifetime(maxDays: number | null): string {
  const days = lifetimes.findLast((each) => each <= Math.min(maxDays ?? 90, 90));
  return days === undefined ? 'date' : String(days);
}

export function readExpiry({ lifetime, date }: NewKeyValues): { expiresAt?: string } {
  if (lifetime === 'never') return {};
  if (lifetime === 'date') return { expiresAt: endOfDay(date) };
  return { expiresAt: new Date(Date.now() + Number(lifetime) * dayMs).toISOString() };
}

export function readOwner({ owner, ownerId }: NewKeyValues): { ownerId?: string } {
  if (owner === 'nobody') return {};
  return { ownerId: owner === 'external' ? ownerId : owner };
}

/**
 * Says at the fields what the server said of them.
 * @param nameTaken what to say of a name that is taken, if not what the server says
 * @returns whether there was a field to say it at
 */
export function showFieldFaults(
  error: unknown,
  setError: (
    name: 'name' | 'description' | 'date' | 'scopes' | 'ipAllow' | 'root.ownerId',
    fault: { message: string },
    options?: { shouldFocus: boolean },
  ) => void,
  nameTaken?: string,
): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.code === 'name_taken') {
    setError('name', { message: nameTaken ?? error.message }, { shouldFocus: true });
    return true;
  }
  const fields = {
    name: 'name',
    description: 'description',
    expiresAt: 'date',
    scopes: 'scopes',
    ipAllow: 'ipAllow',
    ownerId: 'root.ownerId',
  } as const;
  const found = error.errors.flatMap(({ path, message }) => {
    const field = fields[path.split('.')[0] as keyof typeof fields];
    return field ? [{ field, message }] : [];
  });
  for (const { field, message } of found) setError(field, { message: sentence(message) });
  return found.length > 0;
}
