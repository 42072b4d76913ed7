const requiredMajor = 24;

/**
 * Whether this Node.js can run Keywright.
 * @param version as in `process.versions.node`
 * @returns null when it can, else a sentence that says what to do.
 */
export function checkNodeVersion(version: string): string | null {
  if (Number.parseInt(version, 10) >= requiredMajor) return null;
  return `Keywright needs Node.js ${requiredMajor} or newer, and this is Node.js ${version}: install a newer one (https://nodejs.org).`;
}
