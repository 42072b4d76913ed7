import type { Output } from '../context.ts';

/** Tells a person at a terminal how far something is. */
export interface Progress {
  /** @param part that is done, from 0 to 1 */
  show(part: number): void;
  /** Takes the bar away, before anything else is said. */
  clear(): void;
}

const width = 30;
const eraseLine = '\r\u001b[K';

/**
 * A bar that grows in its line; nothing in a pipe, or at a terminal that cannot go back in a line. It only writes: what a
 * person types, Ctrl-C above all, is for nobody but the terminal.
 * @param done what is done to each part: "copied"
 */
export function createProgress(output: Output, done: string, term: string | undefined): Progress {
  const isShown = output.isTTY === true && term !== 'dumb';
  let shown = -1;
  return {
    show(part) {
      const percent = Math.floor(part * 100);
      if (!isShown || percent === shown) return;
      shown = percent;
      const filled = Math.round(part * width);
      const bar = '━'.repeat(filled) + '╌'.repeat(width - filled);
      output.write(`${eraseLine}${bar} ${percent} % ${done}`);
    },
    clear() {
      if (shown >= 0) output.write(eraseLine);
      shown = -1;
    },
  };
}
