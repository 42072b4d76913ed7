import { useSyncExternalStore } from 'react';

interface Unsaid {
  /** "This could not be opened." */
  what: string;
  error: unknown;
}

let unsaid: Unsaid | null = null;
const listeners = new Set<() => void>();

/** Keeps a failure of which no notification can tell, since the network was gone before the code for them was there. */
export function keepUnsaid(failure: Unsaid | null): void {
  unsaid = failure;
  for (const tell of listeners) tell();
}

/** The last one; null when there is none. */
export function useUnsaid(): Unsaid | null {
  return useSyncExternalStore(follow, () => unsaid);
}

function follow(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
