import type { CliContext } from '../context.ts';
import { atInterruption } from '../interruption.ts';
import { createProgress } from '../output/progress.ts';
import { complain } from '../say.ts';

/** Tells how far an import is: to who watches, and to everybody when it breaks off, by a signal too. */
export function followCourse(context: CliContext, isQuiet: boolean) {
  const progress = createProgress(context.stderr, 'imported', isQuiet ? 'dumb' : context.env.TERM);
  let [done, total, isOver] = [0, 0, false];
  const tellBreak = () => {
    progress.clear();
    complain(context, `Broke off after ${done} of ${total}. Start it again: what is here is known.`);
  };
  // A portion that is on its way is taken over as a whole or not at all, whoever waits for the answer.
  atInterruption(context, () => {
    if (total > 0 && !isOver) tellBreak();
  });
  return {
    /** @param nowDone how many the server has decided on, of how many that it is asked about */
    advance(nowDone: number, ofAll: number) {
      [done, total] = [nowDone, ofAll];
      if (total > 0) progress.show(done / total);
    },
    tellFailure() {
      progress.clear();
      if (done > 0) tellBreak();
    },
    end() {
      progress.clear();
      isOver = true;
    },
  };
}
