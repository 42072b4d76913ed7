/**
 * Goes through a map in portions, over and over. Entries may come and go in the meantime: each gets its turn.
 * @returns visits the next `count` entries
 */
export function createPatrol<K, V>(map: Map<K, V>, visit: (key: K, value: V) => void) {
  let entries = map.entries();
  return (count: number): void => {
    const portion = Math.min(count, map.size);
    for (let visited = 0; visited < portion; visited++) {
      let next = entries.next();
      if (next.done) {
        entries = map.entries();
        next = entries.next();
      }
      if (next.done) return;
      visit(...next.value);
    }
  };
}
