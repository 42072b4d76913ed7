import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from './domain/clock.ts';
import { hasErrorCode } from './error-code.ts';

const intervalMs = 1000;
/** At the limit, connections that end make room for others again and again. */
const calmMs = 10_000;

interface DescriptorWatch {
  clock: Pick<Clock, 'monotonic'>;
  logger: Pick<Logger, 'error' | 'info'>;
  /** Whether a file can be opened. */
  canOpen?(): boolean;
}

/**
 * Looks every second whether this process may open another file or connection, and tells the log when it may not, and when
 * it may again. Nobody else would: Node drops connections that it cannot take without a word.
 * @returns what ends it
 */
export function watchDescriptors(options: DescriptorWatch): () => void {
  const look = createDescriptorLook(options);
  const timer = setInterval(look, intervalMs).unref();
  return () => clearInterval(timer);
}

export function createDescriptorLook({ clock, logger, canOpen = canOpenFile }: DescriptorWatch): () => void {
  let failedAt: number | null = null;
  return () => {
    const now = clock.monotonic();
    if (!canOpen()) {
      if (failedAt === null) logger.error(shortage);
      failedAt = now;
    } else if (failedAt !== null && now - failedAt >= calmMs) {
      failedAt = null;
      logger.info('files and connections can be opened again');
    }
  };
}

const shortage =
  'This process may open no more files and connections: those of clients, to upstreams and to the database fail. Raise ' +
  'the limit (LimitNOFILE with systemd, ulimit -n), or find out who opens so many connections.';

function canOpenFile(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    return !hasErrorCode(error, 'EMFILE', 'ENFILE');
  }
}
