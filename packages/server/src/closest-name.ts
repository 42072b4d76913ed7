/** The candidate that `name` was most likely meant to be, or began to be; null when none is near. */
export function closestName(name: string, candidates: readonly string[]): string | null {
  const maxDistance = Math.min(3, Math.floor(name.length / 3));
  let best: string | null = null;
  let bestDistance = maxDistance + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  if (best !== null || name.length < 4) return best;
  return candidates.find((candidate) => candidate.startsWith(name)) ?? null;
}

/** How many characters must be added, taken out, replaced or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let [beforeLast, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: number[] | undefined, index: number): number {
  return row?.[index] ?? Infinity;
}
