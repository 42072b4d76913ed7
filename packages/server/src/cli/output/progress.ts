import type { Output } from '../context.ts';
import { say } from '../say.ts';

/**
 * Tells a person at a terminal how far it is, at each tenth; nothing in a pipe. In lines, so that it neither takes over
 * the terminal nor the signals that come from there.
 * @param done what is done to each part: "copied"
 * @returns to be told the part that is done, from 0 to 1
 */
export function createProgress(output: Output, done: string): (part: number) => void {
  let told = 0;
  return (part) => {
    const tenth = Math.floor(part * 10);
    if (!output.isTTY || tenth <= told || tenth === 10) return;
    told = tenth;
    say(output, `${tenth}0 % ${done}`);
  };
}
