import type { CliContext } from './context.ts';

/** With what a process ends that one of these signals ends. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Has a last thing done, at once, when a signal ends the process: nothing that is cleaned up later would be. */
export function atInterruption(context: Pick<CliContext, 'on' | 'exit'>, last: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    context.on(signal, () => {
      try {
        last();
      } finally {
        context.exit(exitCodes[signal]);
      }
    });
  }
}
