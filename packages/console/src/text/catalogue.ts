import type en from './en.json';
import address from './en.json?url';

/**
 * Every string of the console, in English. `{name}` is filled in; what depends on a number has a form for one and for
 * others. It is data and no code, loaded beside the first screen: a second language is another file with the same keys.
 */
type Catalogue = typeof en;
export type TextKey = keyof Catalogue;

let loaded: Catalogue | null = null;

/** Call it before anything is shown. @throws when it cannot be loaded */
export async function loadCatalogue(): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The texts could not be loaded: ${response.status}.`);
  setCatalogue((await response.json()) as Catalogue);
}

export function setCatalogue(catalogue: Catalogue): void {
  loaded = catalogue;
}

export function getCatalogue(): Catalogue {
  if (loaded === null) throw new Error('The texts are not loaded yet.');
  return loaded;
}
