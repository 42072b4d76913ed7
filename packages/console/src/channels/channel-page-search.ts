import type { Channel } from '@keywright/contract';
import { asSearch, readWords, type SearchPatch } from '../shell/page-search.ts';
import { type RefusedCode, refusedCode } from '../usage/refusal-search.ts';

const tabs = ['overview', 'gateway', 'proxies'] as const;
export type ChannelTab = (typeof tabs)[number];
export const channelTabs: readonly ChannelTab[] = tabs;

const dialogs = ['edit', 'delete'] as const;

/** What may stand in front of an API, in the order in which it is offered. Written out: this is read with the routes. */
export const fronts = [
  'nginx',
  'caddy',
  'haproxy',
  'traefik',
  'envoy',
  'apisix',
  'ingress-nginx',
  'built-in',
] as const;
export type Front = (typeof fronts)[number];

/** What the page of a channel shows, as it stands in the address. What is left out is as usual. */
export interface ChannelPageSearch {
  tab?: Exclude<ChannelTab, 'overview'>;
  dialog?: (typeof dialogs)[number];
  /** Whose configuration is shown. */
  front?: Front;
  /** Only refusals with this code, and the page of them. */
  code?: RefusedCode;
  refusals?: string;
}

export function channelPageSearch(search: Record<string, unknown>): ChannelPageSearch {
  const tab = tabs.find((each) => each === search.tab);
  return asSearch<ChannelPageSearch>({
    tab: tab === 'overview' ? undefined : tab,
    dialog: dialogs.find((each) => each === search.dialog),
    front: fronts.find((each) => each === search.front),
    code: refusedCode(search.code),
    refusals: readWords(search.refusals),
  });
}

export type ChannelPagePatch = SearchPatch<ChannelPageSearch>;

/** What a part of the page gets. */
export interface ChannelPartProps {
  channel: Channel;
  search: ChannelPageSearch;
  change(patch: ChannelPagePatch, isStep?: boolean): void;
}
