import type { LinkPurpose } from '@keywright/contract';
import { dayMs } from '../domain/time.ts';

const hourMs = dayMs / 24;

/** How long a link works that a person had sent to itself. */
export const ownLifetimeMs: Readonly<Record<LinkPurpose, number>> = {
  reset_password: hourMs,
  confirm_email: dayMs,
};

/** One that an administrator made has to be passed on first. */
export const givenLifetimeMs = dayMs;

/** How long an address that was asked for waits for an administrator. */
export const wishesKeptMs = 7 * dayMs;
