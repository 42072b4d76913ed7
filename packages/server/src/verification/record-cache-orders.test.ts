import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashSecret } from '../keys/secret-format.ts';
import type { Read } from '../testing/reads.ts';
import { Bench, type Sizes } from '../testing/record-cache-bench.ts';
import { isSettled, turns } from '../testing/turns.ts';
import type { VerificationRecord } from './verification-record.ts';

/**
 * What can happen, in any order. Every commit gives the keys that it is about a new state, and every answer must be a
 * state that is no older than the promise says: than the rows applied when the request began, and past the fence, than
 * what was committed then.
 */
type Step =
  | { type: 'ask'; key: number }
  | { type: 'commit'; key: number; exists: boolean }
  | { type: 'commit of a group'; group: string }
  | { type: 'apply' }
  | { type: 'pass'; read: number }
  | { type: 'fail'; read: number }
  | { type: 'turn' }
  | { type: 'close' }
  | { type: 'open' }
  | { type: 'restore'; length: number };

const keyNumber = fc.nat(2);
const anyStep = fc.oneof(
  { weight: 10, arbitrary: fc.record({ type: fc.constant('ask' as const), key: keyNumber }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('commit' as const),
      key: keyNumber,
      exists: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('commit of a group' as const),
      group: fc.constantFrom('prj_1', 'chn_1'),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ type: 'apply' as const }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('pass' as const), read: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fail' as const), read: fc.nat(4) }) },
  { weight: 8, arbitrary: fc.constant({ type: 'turn' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'close' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'open' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restore' as const), length: fc.nat(5) }) },
);

interface Commit {
  action: string;
  subjectType: string;
  subjectId: string;
}

class World {
  readonly bench: Bench;
  /** Committed and not yet applied. */
  #tail: Commit[] = [];
  /** The states that each key has been in, oldest first; null: not there. The last is what the database holds. */
  readonly #states: (string | null)[][] = [[null], [null], [null]];
  /** How many of these states are applied. */
  #applied = [1, 1, 1];
  /** What each row that is not applied yet will bring. */
  #pending: number[][] = [];
  #counter = 0;
  readonly #passed = new Set<number>();
  readonly answers: Promise<void>[] = [];
  failures = 0;

  constructor(sizes: Sizes) {
    this.bench = new Bench(sizes);
    this.bench.store.reads.pace = 'held';
    for (const key of [0, 1, 2]) {
      this.commit(key, true);
      this.apply();
    }
  }

  ask(key: number): void {
    const states = this.#states[key] ?? [];
    const floor = (this.bench.isOpen ? (this.#applied[key] ?? 0) : states.length) - 1;
    const check = (record: VerificationRecord | null) => {
      const allowed = states.slice(floor);
      expect(allowed).toContain(record === null ? null : record.ownerId);
    };
    const countFailure = (error: unknown) => {
      if (!(error instanceof Error && error.message === 'gone')) throw error;
      this.failures++;
    };
    const asked = this.bench.get(hashSecret(`secret ${key}`));
    const answer = asked.then(check, countFailure);
    // Looked at in the end, so that it may fail before.
    answer.catch(() => {});
    this.answers.push(answer);
  }

  commit(key: number, exists: boolean): void {
    const id = `key_${key}`;
    const action = !exists ? 'key.deleted' : this.#isThere(key) ? 'key.updated' : 'key.created';
    const state = exists ? `state ${this.#counter++}` : null;
    this.bench.store.deleteKey(id);
    if (exists) {
      this.bench.addKey({ id, hash: hashSecret(`secret ${key}`), ownerId: state, ...placeOf(key) });
    }
    this.#states[key]?.push(state);
    this.#note({ action, subjectType: 'key', subjectId: id });
  }

  commitGroup(group: string): void {
    for (const key of [0, 1, 2]) {
      const { projectId, channelId } = placeOf(key);
      if ((group !== projectId && group !== channelId) || !this.#isThere(key)) continue;
      const state = `state ${this.#counter++}`;
      this.bench.store.changeKey(`key_${key}`, { ownerId: state });
      this.#states[key]?.push(state);
    }
    const subjectType = group === 'prj_1' ? 'project' : 'channel';
    this.#note({ action: `${subjectType}.updated`, subjectType, subjectId: group });
  }

  apply(): void {
    const commit = this.#tail.shift();
    if (commit === undefined) return;
    this.bench.apply(commit.action, commit.subjectId, commit.subjectType);
    this.#applied = this.#pending.shift() ?? this.#applied;
  }

  /** What a heartbeat does: the fence opens once everything is applied. */
  open(): void {
    while (this.#tail.length > 0) this.apply();
    this.bench.isOpen = true;
  }

  /** Another ledger with the same content, which is followed from its head. */
  restore(length: number): void {
    this.#tail = [];
    this.#pending = [];
    this.#applied = this.#states.map((states) => states.length);
    this.bench.cache.clear();
    this.bench.appliedSeq = length;
  }

  get held(): [number, Read][] {
    return [...this.bench.store.reads.list().entries()].filter(([index]) => !this.#passed.has(index));
  }

  /** Lets one of the reads end that are held. */
  end(choice: number, how: 'pass' | 'fail'): void {
    const { held } = this;
    const [index, read] = held[choice % Math.max(1, held.length)] ?? [];
    if (index === undefined || read === undefined) return;
    this.#passed.add(index);
    if (how === 'pass') read.pass();
    else read.fail(new Error('gone'));
  }

  /** Lets all reads end until every question is answered. */
  async finish(): Promise<void> {
    this.open();
    const all = Promise.all(this.answers);
    while (!(await isSettled(all))) {
      if (this.held.length === 0 || this.bench.loads > 500) throw new Error('a question is never answered');
      this.end(0, 'pass');
    }
    await all;
  }

  #isThere(key: number): boolean {
    return this.#states[key]?.at(-1) !== null;
  }

  #note(commit: Commit): void {
    this.#tail.push(commit);
    this.#pending.push(this.#states.map((states) => states.length));
  }
}

/** Two keys of a project, of which one is bound to a channel, and one of another. */
function placeOf(key: number): { projectId: string; channelId: string | null } {
  return { projectId: key < 2 ? 'prj_1' : 'prj_2', channelId: key === 1 ? 'chn_1' : null };
}

async function take(world: World, step: Step): Promise<void> {
  if (step.type === 'ask') world.ask(step.key);
  else if (step.type === 'commit') world.commit(step.key, step.exists);
  else if (step.type === 'commit of a group') world.commitGroup(step.group);
  else if (step.type === 'apply') world.apply();
  else if (step.type === 'pass' || step.type === 'fail') world.end(step.read, step.type);
  else if (step.type === 'turn') await turns(1);
  else if (step.type === 'close') world.bench.isOpen = false;
  else if (step.type === 'open') world.open();
  else world.restore(step.length);
}

test('no answer is older than the promise, whatever happens in whatever order', async () => {
  const sizes = fc.record({
    capacity: fc.integer({ min: 1, max: 6 }),
    absenceCapacity: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(anyStep, { maxLength: 60, size: 'max' }), async (chosen, steps) => {
      const world = new World(chosen);
      for (const step of steps) {
        await take(world, step);
        expect(world.bench.cache.size).toBeLessThanOrEqual(chosen.capacity);
      }
      await world.finish();
    }),
    { numRuns: 4000 },
  );
});
