const storageKey = 'keywright.project';

/** The project that was looked at last in this browser. */
export function readLastProject(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function keepLastProject(projectId: string): void {
  try {
    localStorage.setItem(storageKey, projectId);
  } catch {
    // Then the first one is shown next time.
  }
}

/** @returns whether it was the last one */
export function forgetLastProject(projectId: string): boolean {
  if (readLastProject() !== projectId) return false;
  localStorage.removeItem(storageKey);
  return true;
}
