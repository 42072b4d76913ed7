import { asSearch, readWords } from '../shell/page-search.ts';
import { type RefusedCode, refusedCode } from './refusal-search.ts';
import { findSpan, type SpanSearch } from './spans.ts';

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
  return asSearch<UsageSearch>({
    ...findSpan(search),
    cursor: readWords(search.cursor),
    request: readWords(search.request),
    channel: readWords(search.channel),
    code: refusedCode(search.code),
    refusals: readWords(search.refusals),
  });
}
