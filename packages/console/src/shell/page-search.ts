/** A change of what stands in a page's address; undefined takes a part out. */
export type SearchPatch<S> = { [Name in keyof S]?: S[Name] | undefined };

/** All that can stand in a page's address; undefined: it does not, or makes no sense. */
export type FoundSearch<S> = { [Name in keyof Required<S>]: S[Name] | undefined };

/**
 * What a page reads from its address. A name that is left out here the router fills in again from the address, just as it
 * stands there: so what makes no sense is there as undefined.
 */
export function asSearch<S extends object>(found: FoundSearch<S>): S {
  return found as S;
}

/** Words from an address: those of digits only are read as a number there. */
export function readWords(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What stands in a page's address, without the parts that are undefined. */
export function withoutUndefined<S extends object>(search: SearchPatch<S>): S {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as S;
}
