import type { UsageAddition } from './usage-store.ts';
import type { PlaceCounts, SubjectCounts } from './usage-totals.ts';

/** How many rows one transaction writes. On SQLite changes wait for it, under load some twenty milliseconds. */
const maxRows = 250;

/**
 * Everything in parts of about `maxRows` rows, ordered by key: rows of keys that lie together in the database are then
 * written together, which costs it a third of what it does in any other order.
 */
export function* cutAdditions(
  subjects: Iterable<SubjectCounts>,
  places: ReadonlyMap<string, PlaceCounts>,
  serviceKeyUses: ReadonlyMap<string, number>,
): Generator<UsageAddition> {
  const bySubject = Map.groupBy(subjects, ({ subject }) => {
    return subject.type === 'secret' ? subject.keyId : subject.projectId;
  });
  let current = start(serviceKeyUses);
  let rows = serviceKeyUses.size;
  for (const id of [...bySubject.keys()].sort()) {
    if (rows >= maxRows) {
      yield current;
      current = start();
      rows = 0;
    }
    const counts = (bySubject.get(id) ?? []).flatMap((known) => known.counts);
    const { lastUse = null, origins = [] } = places.get(id) ?? {};
    current.counts.push(...counts);
    if (lastUse !== null) current.keyUses.push(lastUse);
    for (const origin of origins) current.origins.push({ subjectId: id, ...origin });
    rows += counts.length + origins.length + 1;
  }
  if (rows > 0) yield current;
}

function start(serviceKeyUses: ReadonlyMap<string, number> = new Map()): UsageAddition {
  return {
    counts: [],
    keyUses: [],
    origins: [],
    serviceKeyUses: [...serviceKeyUses].map(([id, at]) => ({ id, at })),
  };
}
