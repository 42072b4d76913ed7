/** A change of what stands in a page's address; undefined takes a part out. */
export type SearchPatch<S> = { [Name in keyof S]?: S[Name] | undefined };

/** What stands in a page's address, without the parts that are undefined. */
export function withoutUndefined<S extends object>(search: SearchPatch<S>): S {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as S;
}
