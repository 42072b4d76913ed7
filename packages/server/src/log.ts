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
import { hasErrorCode } from './error-code.ts';

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

/**
 * Without the fields in which PostgreSQL quotes a row that it refused (names, owners, the hash of a secret), and without
 * the connection that its driver hangs on an error.
 */
function serializeError(error: Error): unknown {
  if (!(error instanceof Error)) return error;
  const serialized: Record<string, unknown> = { ...stdSerializers.err(error) };
  const { detail, where, client, ...fields } = serialized;
  return censorFields(fields);
}

/** Takes lines that were made, and looked through for secrets, elsewhere. */
export function createLineWriter(output = standardOutput()): (lines: string) => void {
  return (lines) => {
    if (!process.stdout.isTTY) return output.write(lines);
    for (const line of lines.trimEnd().split('\n')) output.write(line);
  };
}

const secretFields = ['authorization', 'cookie', 'key', 'password', 'secret', 'token'];

function standardOutput(): DestinationStream {
  const lines = openStandardOutput();
  if (!process.stdout.isTTY) return lines;
  const format = prettyFactory({ translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line) => lines.write(format(line)) };
}

/**
 * It writes at once, so that no line is lost when the process exits. What cannot be written, for a full disk, is lost,
 * and nothing else: who serves goes on. Whoever stopped reading gets no more.
 */
function openStandardOutput(): DestinationStream {
  const open = () => {
    const opened = destination({ fd: 1, sync: true });
    // It would keep what it could not write, and all that comes after it, for as long as that takes.
    opened.once('error', (error) => {
      if (hasErrorCode(error, 'EPIPE')) return;
      lines = open();
      isBroken = true;
    });
    return opened;
  };
  let [lines, isBroken] = [open(), false];
  return {
    write(text) {
      // Half of a line may stand there.
      const start = isBroken ? '\n' : '';
      isBroken = false;
      lines.write(start + text);
    },
  };
}
