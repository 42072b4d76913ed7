/** Milliseconds since 1970 as RFC 3339 in UTC; null stays null. */
export function formatTime<T extends number | null>(ms: T): T extends null ? null : string;
export function formatTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

export const dayMs = 86_400_000;
