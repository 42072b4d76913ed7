import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, vi } from 'vitest';

/** A letter as it came in by SMTP. */
export interface Letter {
  /** The addresses of the envelope. */
  from: string;
  to: string[];
  /** By their names in lower case, unfolded, with encoded words read. */
  headers: [string, string][];
  subject: string;
  text: string;
  html: string;
  /** All that was sent. */
  raw: string;
  /** Who signed in to send it. */
  user: unknown;
  isEncrypted: boolean;
}

/** A real SMTP server that keeps what it is given. */
export interface Mailbox {
  port: number;
  /** All letters, oldest first. */
  letters: Letter[];
  /** Each user and password that somebody signed in with, or tried to. */
  attempts: string[];
  /** Those for an address. */
  lettersTo(address: string): Letter[];
  /** Waits for the one letter to an address whose subject fits. */
  letterTo(address: string, subject: RegExp): Promise<Letter>;
  close(): Promise<void>;
}

/** Recipients that begin so are refused, and letters to those that begin so are taken after a minute. */
export const refusedRecipient = 'refused-';
export const slowRecipient = 'slow-';

export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const letters: Letter[] = [];
  const attempts: string[] = [];
  const server = new SMTPServer({
    hideSTARTTLS: true,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onAuth({ username = '', password = '' }, _session, callback) {
      attempts.push(`${username}:${password}`);
      callback(null, password === 'right' ? { user: username } : { message: 'wrong' });
    },
    onRcptTo({ address }, _session, callback) {
      callback(address.startsWith(refusedRecipient) ? refusal(address) : null);
    },
    onData(stream, { envelope, user, secure }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        if (to.some((address) => address.startsWith(slowRecipient))) return;
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const raw = Buffer.concat(chunks).toString('utf8');
        letters.push({ from, to, user, isEncrypted: secure, raw, ...read(raw) });
        callback(null);
      });
    },
    ...options,
  });
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const lettersTo = (address: string) => letters.filter(({ to }) => to.includes(address));
  return {
    port: (listening.address() as AddressInfo).port,
    letters,
    attempts,
    lettersTo,
    async letterTo(address, subject) {
      const find = () => lettersTo(address).filter((letter) => subject.test(letter.subject));
      await vi.waitUntil(() => find().length > 0, { timeout: 15_000, interval: 20 });
      const found = find();
      expect(found).toHaveLength(1);
      return found[0] as Letter;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** As servers do, it repeats the address. */
function refusal(address: string): Error {
  return Object.assign(new Error(`5.1.1 <${address}>: there is no such mailbox`), { responseCode: 550 });
}

/** Takes apart what our letters are: two alternatives, each in whichever encoding. */
function read(raw: string): Pick<Letter, 'headers' | 'subject' | 'text' | 'html'> {
  const { headers, body: whole } = split(raw);
  const body = `\r\n${whole}`;
  const boundary = /boundary="?([^";\s]+)/.exec(headerOf(headers, 'content-type'))?.[1] ?? '';
  // The line break before a boundary belongs to it.
  const parts = body.split(`\r\n--${boundary}`).map((part) => split(part.replace(/^\r\n/, '')));
  const content = (type: string) => {
    const part = parts.find((each) => headerOf(each.headers, 'content-type').startsWith(type));
    if (part === undefined) return '';
    const encoding = headerOf(part.headers, 'content-transfer-encoding');
    return decode(part.body, encoding).replaceAll('\r\n', '\n');
  };
  return {
    headers,
    subject: headerOf(headers, 'subject'),
    text: content('text/plain'),
    html: content('text/html'),
  };
}

function split(part: string): { headers: [string, string][]; body: string } {
  const [head = '', ...rest] = part.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines
    .map((line) => /^([\w-]+):\s*(.*)$/.exec(line))
    .flatMap((found): [string, string][] => (found ? [[found[1]?.toLowerCase() ?? '', found[2] ?? '']] : []));
  return { headers: headers.map(([name, value]) => [name, decodeWords(value)]), body: rest.join('\r\n\r\n') };
}

function headerOf(headers: [string, string][], name: string): string {
  return headers.find(([each]) => each === name)?.[1] ?? '';
}

function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?(.*?)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decodeQuoted(text.replaceAll('_', ' ')),
    );
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? decodeQuoted(body.replace(/=\r\n/g, '')) : body;
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
