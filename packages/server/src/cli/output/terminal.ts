import { styleText } from 'node:util';
import type { CliContext } from '../context.ts';

export type Colour = 'green' | 'red' | 'yellow' | 'gray' | 'bold';

/** How what goes to stdout is shown. */
export interface Terminal {
  /** Columns; null when it is not a terminal, and lines may be of any length. */
  width: number | null;
  paint(text: string, colour: Colour): string;
}

/** Colours are for people: not in a file or a pipe, and not where `NO_COLOR` is set (https://no-color.org). */
export function describeTerminal({ stdout, env }: Pick<CliContext, 'stdout' | 'env'>): Terminal {
  const isTerminal = stdout.isTTY === true;
  const hasColours = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    width: isTerminal ? (stdout.columns ?? null) : null,
    paint: (text, colour) => (hasColours ? styleText(colour, text, { validateStream: false }) : text),
  };
}
