import { z } from 'zod';
import { channelGateway, channelGatewayPatch } from './gateway.ts';
import { id } from './id.ts';
import { channelPolicy, channelPolicyPatch } from './policy.ts';
import { propagation } from './propagation.ts';
import { isPlainText, text, time } from './text.ts';

export const channelSlug = z
  .string()
  .regex(/^[a-z0-9-]{2,40}$/, { error: 'must be 2 to 40 characters of a-z, 0-9 and -' });

/** A whole http(s) address without user, password, query or fragment. */
const upstream = z.string().max(2000, { error: 'must have at most 2000 characters' }).refine(isUpstream, {
  error: 'must be an http or https address without user, password, query or fragment',
});

/** Written out: `URL` by itself would also read `http:host`, backslashes, spaces around it and an empty user or query. */
const written = /^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?$/i;

function isUpstream(value: string): boolean {
  return isPlainText(value) && written.test(value) && URL.canParse(value);
}

export const channel = z.object({
  id: id('channel'),
  projectId: id('project'),
  slug: channelSlug,
  name: z.string(),
  description: z.string().nullable(),
  upstream: z.string().nullable(),
  policy: channelPolicy,
  gateway: channelGateway,
  createdAt: time,
  keyCount: z.number().int(),
});
export type Channel = z.infer<typeof channel>;

export const createChannelBody = z.strictObject({
  slug: channelSlug,
  name: text({ max: 100 }),
  description: text({ max: 500, lines: true }).nullable().exactOptional(),
  upstream: upstream.nullable().exactOptional(),
  policy: channelPolicyPatch.exactOptional(),
  gateway: channelGatewayPatch.exactOptional(),
});
export type CreateChannelBody = z.infer<typeof createChannelBody>;

export const updateChannelBody = z.strictObject({
  slug: channelSlug.exactOptional(),
  name: text({ max: 100 }).exactOptional(),
  description: text({ max: 500, lines: true }).nullable().exactOptional(),
  upstream: upstream.nullable().exactOptional(),
  policy: channelPolicyPatch.exactOptional(),
  gateway: channelGatewayPatch.exactOptional(),
});
export type UpdateChannelBody = z.infer<typeof updateChannelBody>;

export const channelWithPropagation = z.object({ channel, propagation });
