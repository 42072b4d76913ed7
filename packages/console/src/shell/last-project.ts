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
