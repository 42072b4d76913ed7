import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { email, ipRange, isPlainText } from '@keywright/contract';
import { hasValidChecksum, Secret } from './keys/secret-format.ts';
import type { Sender, SmtpServer } from './mail/smtp-server.ts';

/** What a setting's text means, or what it must be instead: the end of a sentence that begins with its name. */
export type Parsed<T> = { value: T } | { fault: string };

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export function parseHost(text: string): Parsed<string> {
  if (isIP(text) !== 0 || isHostname(text)) return { value: text };
  return { fault: 'must be only an address or a host name, such as 127.0.0.1 (0.0.0.0: every address)' };
}

/** Its last part must not be a number, so that `127.0.0.256` and `8787` are not taken for names. */
function isHostname(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  return text.length <= 253 && labels.every(isHostLabel) && !/^\d+$/.test(last);
}

function isHostLabel(label: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label);
}

export function parsePort(text: string): Parsed<number> {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return { value: port };
  return { fault: 'must be a whole number from 0 to 65535 (0 takes a free one)' };
}

/** A port, or `off`. */
export function parsePortOrOff(text: string): Parsed<number | null> {
  if (text === 'off') return { value: null };
  const parsed = parsePort(text);
  return 'value' in parsed ? parsed : { fault: `${parsed.fault}, or off` };
}

export function parseSeconds(text: string): Parsed<number> {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= 3600
    ? { value: seconds }
    : { fault: 'must be a whole number of seconds from 1 to 3600' };
}

export function parseDomain(text: string): Parsed<string> {
  if (isHostname(text) && text.includes('.')) return { value: text.toLowerCase() };
  return { fault: 'must be a domain such as api.example.com, below which each channel has a host name' };
}

export function parseSwitch(text: string): Parsed<boolean> {
  if (text === 'on' || text === 'off') return { value: text === 'on' };
  return { fault: 'must be on or off' };
}

/**
 * What stands around a path by mistake, such as the quotes in a file of variables that keeps them, would be part of its
 * name: a start would make an empty directory of that name, in which no key is known.
 * @param base where a relative path starts
 */
export function parseDirectory(text: string, base: string): Parsed<string> {
  if (text.includes('\0') || text !== text.trim() || /^(["']).*\1$/.test(text))
    return { fault: 'must be the path of a directory, without quotes or white space around it' };
  return { value: resolve(base, text) };
}

/** The text itself is kept: the driver reads more from it (TLS, sockets) than `URL` does. */
export function parseDatabaseUrl(text: string): Parsed<string> {
  // As other programs take it: the first of several that answers. Copies answer too.
  if (/^postgres(?:ql)?:\/\/(?:[^/?#]*@)?(?![^/?#]*@)[^/?#]*,/.test(text)) {
    return {
      fault: 'must name one server; where there are several, a name that leads to the one that takes changes',
    };
  }
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    return {
      fault:
        'must be an address such as postgres://user:password@host:5432/database ' +
        '(leave it out to use SQLite in the data directory)',
    };
  }
  const { username, password, pathname } = new URL(text);
  if ([username, password, pathname].every(isPercentEncoded)) return { value: text };
  return { fault: 'has a % that begins no percent-encoded character: write %25 for a % itself' };
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export function parsePublicUrl(text: string): Parsed<string> {
  const fault =
    'must be an http or https address without user, query and fragment (https://keys.example.com)';
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return { fault };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return { fault };
  return { value: url.origin + url.pathname.replace(/\/+$/, '') };
}

export function parseBootstrapKey(text: string): Parsed<Secret> {
  if (hasValidChecksum(text)) return { value: new Secret(text) };
  return {
    fault:
      'must be a token of 64 characters with a right checksum: it is damaged, or was not made by ' +
      '`keywright bootstrap-key`',
  };
}

export function parseServiceKey(text: string): Parsed<Secret> {
  if (hasValidChecksum(text)) return { value: new Secret(text) };
  return { fault: 'must be a service key of 64 characters with a right checksum: was it copied whole?' };
}

export function parseToken(text: string): Parsed<Secret> {
  if (/^[\x21-\x7e]{16,}$/.test(text)) return { value: new Secret(text) };
  return { fault: 'must be at least 16 printable ASCII characters without spaces' };
}

export function parseSecret(text: string): Parsed<Secret> {
  if (/^[\x21-\x7e]{32,}$/.test(text)) return { value: new Secret(text) };
  return { fault: 'must be at least 32 printable ASCII characters without spaces' };
}

export function parseEmail(text: string): Parsed<string> {
  const parsed = email.safeParse(text);
  return parsed.success ? { value: parsed.data } : { fault: 'must be an e-mail address' };
}

/** Whether it is strong enough is seen when it is needed. */
export function parseAdminPassword(text: string): Parsed<Secret> {
  return { value: new Secret(text) };
}

/** Addresses and ranges, with commas between. */
export function parseAddressRanges(text: string): Parsed<readonly string[]> {
  const ranges = text.split(',').map((range) => range.trim());
  if (ranges.every((range) => ipRange.safeParse(range).success)) return { value: ranges };
  return { fault: 'must be addresses and ranges with commas between, such as 10.0.0.1,192.168.0.0/16' };
}

/** Only what is named here is read of it: an address with options could switch the check of certificates off. */
export function parseSmtpUrl(text: string): Parsed<SmtpServer> {
  const fault =
    'must be an address such as smtp://user:password@mail.example.com:587 or smtps://…, with nothing after the port';
  if (!/^smtps?:\/\//i.test(text) || !URL.canParse(text)) return { fault };
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if ('fault' in parseHost(host) || !['', '/'].includes(pathname) || search !== '' || hash !== '')
    return { fault };
  if (![username, password].every(isPercentEncoded))
    return { fault: 'has a % that begins no percent-encoded character: write %25 for a % itself' };
  if ((username === '') !== (password === ''))
    return { fault: 'must hold both a user and a password, or neither' };
  const isSecure = protocol === 'smtps:';
  const credentials = {
    user: decodeURIComponent(username),
    password: new Secret(decodeURIComponent(password)),
  };
  return {
    value: {
      host,
      port: port === '' ? (isSecure ? 465 : 587) : Number(port),
      isSecure,
      credentials: username === '' ? null : credentials,
    },
  };
}

/** An e-mail address, alone or in angle brackets behind a name. */
export function parseMailFrom(text: string): Parsed<Sender> {
  const [, name = '', address = text] = /^\s*"?([^"<>]*?)"?\s*<([^<>]*)>\s*$/.exec(text) ?? [];
  const parsed = email.safeParse(address);
  if (parsed.success && isPlainText(name)) return { value: { name, address: parsed.data } };
  return { fault: 'must be an e-mail address, or a name and an address as in Keywright <keys@example.com>' };
}

export function parseLogLevel(text: string): Parsed<LogLevel> {
  const level = logLevels.find((name) => name === text);
  return level === undefined ? { fault: `must be one of ${logLevels.join(', ')}` } : { value: level };
}
