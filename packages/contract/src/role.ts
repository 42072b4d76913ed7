import { z } from 'zod';

/** What a member may do in a project, from most to least. */
export const roles = ['owner', 'operator', 'member'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;
