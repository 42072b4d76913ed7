/** filled below */
export const commonPasswords: ReadonlySet<string> = new Set<string>();
