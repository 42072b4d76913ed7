import {
  type DestinationStream,
  destination,
  type Logger,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { prettyFactory } from 'pino-pretty';
import { censorFields, censorText } from './censor.ts';
import type { Config } from './config.ts';

/**
 * The log of the server: JSON lines on stdout, or lines to be read when stdout is a terminal. Fields that are named
 * like secrets are blotted out at any depth and in any spelling (which pino's own `redact` cannot do), and so are
 * secrets anywhere in a line.
 */
export function createLogger({ logLevel }: Pick<Config, 'logLevel'>, output = standardOutput()): Logger {
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: censorFields },
      serializers: { err: serializeError },
      // For the bindings of child loggers, which no formatter sees.
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
      hooks: { streamWrite: censorText },
    },
    output,
  );
}

function serializeError(error: Error): unknown {
  return error instanceof Error ? censorFields({ ...stdSerializers.err(error) }) : error;
}

const secretFields = ['authorization', 'cookie', 'key', 'password', 'secret', 'token'];

/** Both write at once, so that no line is lost when the process exits. */
function standardOutput(): DestinationStream {
  const lines = destination({ fd: 1, sync: true });
  if (!process.stdout.isTTY) return lines;
  const format = prettyFactory({ translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line) => lines.write(format(line)) };
}
