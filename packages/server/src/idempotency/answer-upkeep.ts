import { Upkeep, type UpkeepOptions } from '../domain/upkeep.ts';
import { answersKeptMs } from './make-repeatable.ts';

/** Forgets the answers that are kept no longer. */
export class AnswerUpkeep extends Upkeep {
  constructor(options: UpkeepOptions) {
    super(options, {
      what: 'answers that are kept no longer',
      forget: ({ idempotency }, now, limit) => idempotency.forget(now - answersKeptMs, limit),
    });
  }
}
