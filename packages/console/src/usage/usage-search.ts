import { type RefusedCode, refusedCode } from './refusal-search.ts';
import { type SpanSearch, spanSearch } from './spans.ts';

/** What the page shows, as it stands in the address. */
export interface UsageSearch extends SpanSearch {
  /** The page of the busiest keys. */
  cursor?: string;
  /** The refused request that is explained. */
  request?: string;
  /** Only refusals at this channel, by its id. */
  channel?: string;
  /** Only refusals with this code. */
  code?: RefusedCode;
  /** The page of refusals. */
  refusals?: string;
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  const { cursor, request, channel, refusals } = search;
  const code = refusedCode(search.code);
  return {
    ...spanSearch(search),
    ...(typeof cursor === 'string' && { cursor }),
    // An id of digits only is read as a number.
    ...((typeof request === 'string' || typeof request === 'number') && { request: String(request) }),
    ...(typeof channel === 'string' && { channel }),
    ...(code && { code }),
    ...(typeof refusals === 'string' && { refusals }),
  };
}
