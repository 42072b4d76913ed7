import type { Logger } from 'pino';

interface ShutdownOptions {
  stop(): Promise<void>;
  logger: Logger;
  exit(code: number): void;
  /** After which a stop that does not end is given up. */
  timeoutMs?: number;
}

interface Shutdown {
  /** The first call begins to stop; another one, when it is no echo of the first, exits at once. */
  begin(signal: string): void;
  /** The exit code, when it has come to an end. */
  done: Promise<number>;
}

/** What runs the server may pass on a signal that the server was sent as well: npm does so with Ctrl-C. */
const echoMs = 500;

/** Stops the server once and then exits: 0 when it stopped, 1 when it failed, took too long or was hurried. */
export function createShutdown({ stop, logger, exit, timeoutMs = 5000 }: ShutdownOptions): Shutdown {
  const { promise: done, resolve } = Promise.withResolvers<number>();
  let begunAt: number | null = null;
  const end = (code: number) => {
    exit(code);
    resolve(code);
  };

  const begin = (signal: string) => {
    if (begunAt !== null) {
      if (performance.now() - begunAt > echoMs) end(1);
      return;
    }
    begunAt = performance.now();
    logger.info({ signal }, 'stopping');
    const timer = setTimeout(() => {
      logger.error(`not stopped after ${timeoutMs} ms, exiting all the same`);
      end(1);
    }, timeoutMs);
    stop().then(
      () => {
        clearTimeout(timer);
        logger.info('stopped');
        end(0);
      },
      (error: unknown) => {
        clearTimeout(timer);
        logger.error({ err: error }, 'the stop failed');
        end(1);
      },
    );
  };
  return { begin, done };
}
