import type { Engine } from '../engine.ts';
import { types } from './types.ts';

/**
 * What was counted and is not added up yet, in parts that each are a JSON text: with thousands of keys in use, writing
 * the rows of each takes longer than the second that a process may lose when it is killed. An id is used once and never
 * again: whoever deletes the row adds it up.
 */
export function usageJournal(engine: Engine): string[] {
  const { text, strict } = types[engine];
  return [`CREATE TABLE usage_journal (id ${text} PRIMARY KEY, addition ${text} NOT NULL) ${strict}`];
}
