import { censorText } from '../censor.ts';
import { secretLength } from '../keys/secret-format.ts';

/** A request that went through the gateway, or did not, when its response is done. */
interface AccessEntry {
  requestId: string;
  ip: string;
  method: string;
  /** Slug, or what stood in its place; null: it was for none. */
  channel: string | null;
  /** Without the query, which may hold anything. */
  path: string;
  status: number;
  ms: number;
  keyId: string | null;
  /** Why it did not pass, or what went wrong behind. */
  code: string | null;
}

export interface AccessLog {
  add(entry: AccessEntry): void;
  /** Writes what is waiting. */
  flush(): void;
}

const waitMs = 100;
const mostWaiting = 500;

/**
 * One line a request, in the form of the server's log. It does not go through the logger, which looks into every field
 * for secrets and writes each line by itself: that took a fifth of the time of a request. What a client chose freely is
 * looked through here, and no header, query or body is in it.
 * @param write takes whole lines
 */
export function createAccessLog(write: (lines: string) => void): AccessLog {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    const lines = waiting.join('');
    waiting = [];
    write(lines);
  };
  return {
    add(entry) {
      const { requestId, ip, method, channel, path, status, ms, keyId, code } = entry;
      // Written out: what the gateway made itself needs no escaping.
      waiting.push(
        `{"level":"info","time":"${timeText()}","requestId":"${requestId}","ip":"${ip}","method":"${method}"` +
          `,"channel":${JSON.stringify(channel && censor(channel))},"path":${JSON.stringify(censor(path))}` +
          `,"status":${status},"ms":${ms},"keyId":${JSON.stringify(keyId)},"code":${JSON.stringify(code)},"msg":"gateway"}\n`,
      );
      if (waiting.length >= mostWaiting) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
  };
}

/** More of a path is not written: it can be as long as all of a request's head. */
const longest = 1000;

/**
 * What a client wrote, without secrets, also without those in which it wrote a character as `%5f`. What is shorter than
 * any key, and names no user, holds nothing to blot out. A part that does not fit is left out whole: what is left of a
 * secret would not be known for one.
 */
function censor(text: string): string {
  if (text.length < secretLength && !text.includes('@')) return text;
  const short = text.length <= longest ? text : `${text.slice(0, text.lastIndexOf('/', longest) + 1)}…`;
  return censorText(short.replace(/%(?:5f|[46][1-9a-f]|[57][0-9a]|3[0-9])/gi, decodeURIComponent));
}

let lastMs = -1;
let lastText = '';

/** Many requests end in one millisecond. */
function timeText(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}

export const noAccessLog: AccessLog = { add() {}, flush() {} };
