import { resolve } from 'node:path';
import type { Secret } from './keys/secret-format.ts';
import type { Sender, SmtpServer } from './mail/smtp-server.ts';
import {
  type LogLevel,
  type Parsed,
  parseAddressRanges,
  parseAdminPassword,
  parseBootstrapKey,
  parseDatabaseUrl,
  parseDirectory,
  parseDomain,
  parseEmail,
  parseHost,
  parseLogLevel,
  parseMailFrom,
  parsePort,
  parsePortOrOff,
  parsePublicUrl,
  parseSeconds,
  parseSecret,
  parseServiceKey,
  parseSmtpUrl,
  parseSwitch,
  parseToken,
} from './setting-values.ts';

/** All that can be set from outside, read once at the start. */
export interface Config {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Of PostgreSQL; null: SQLite in `dataDir`. May hold a password. */
  readonly databaseUrl: string | null;
  /** Where the outside reaches this server, without a slash at the end. */
  readonly publicUrl: string | null;
  readonly bootstrapKey: Secret | null;
  readonly metricsToken: Secret | null;
  /** Signs sessions; null: the one in the data directory. */
  readonly secret: Secret | null;
  /** The administrator that is made if there is no account with this address. */
  readonly adminEmail: string | null;
  readonly adminPassword: Secret | null;
  /** Whose word on where a request came from is believed. */
  readonly trustedProxies: readonly string[];
  /** What takes our e-mail; null: links are passed on by hand. */
  readonly smtpUrl: SmtpServer | null;
  readonly mailFrom: Sender | null;
  /** Where proxies ask whether requests may pass; null: on the main port. */
  readonly authPort: number | null;
  /** Null: as `host`. */
  readonly authHost: string | null;
  /** Who may ask there; null: this machine alone or, with a token, whoever sends it. */
  readonly authCallers: readonly string[] | null;
  readonly authToken: Secret | null;
  /** Of the built-in gateway; 0: a free one; null: there is none. */
  readonly gatewayPort: number | null;
  /** Null: as `host`. */
  readonly gatewayHost: string | null;
  /** Below it each channel has a host name; null: channels are found by path only. */
  readonly gatewayDomain: string | null;
  /** The private addresses that channels may have as upstream. */
  readonly upstreamAllow: readonly string[];
  /** How many seconds an upstream may take until its response begins. */
  readonly upstreamTimeout: number;
  readonly accessLog: boolean;
  readonly logLevel: LogLevel;
}

/** How commands reach a server that runs. The server itself is told nothing of it. */
export interface ClientConfig {
  /** Without a slash at the end; null: the server of this machine's data directory. */
  readonly url: string | null;
  readonly serviceKey: Secret | null;
}

export interface Setting<T> {
  /** Its variable is KEYWRIGHT_ and this, its flag the same in lower case with dashes. */
  name: string;
  /** What its flag's help calls the value. */
  placeholder: string;
  description: string;
  /** Whether there is a flag for the value itself; not for secrets, since every user of a machine sees arguments. */
  onCommandLine: boolean;
  /** Whether it can also be read from a file, which `…_FILE` or `--…-file` names. */
  fromFile: boolean;
  /** Whether a fault may repeat the value. */
  mayBeShown: boolean;
  /** What it is when nobody sets it, and how the help says so. */
  initial(base: string): T;
  shownInitial: string | null;
  /** @param base where a relative path starts */
  parse(text: string, base: string): Parsed<T>;
}

export const variablePrefix = 'KEYWRIGHT_';
const plain = { onCommandLine: true, fromFile: false, mayBeShown: true };
const secret = {
  onCommandLine: false,
  fromFile: true,
  mayBeShown: false,
  initial: () => null,
  shownInitial: null,
};

/** Everything that flags, environment and help know of a setting. */
export const settings: { readonly [Name in keyof Config]: Setting<Config[Name]> } = {
  host: {
    name: 'HOST',
    placeholder: 'address',
    description: 'address to listen on',
    ...plain,
    initial: () => '127.0.0.1',
    shownInitial: '127.0.0.1',
    parse: parseHost,
  },
  port: {
    name: 'PORT',
    placeholder: 'number',
    description: 'port to listen on; 0 takes a free one',
    ...plain,
    initial: () => 8787,
    shownInitial: '8787',
    parse: parsePort,
  },
  dataDir: {
    name: 'DATA_DIR',
    placeholder: 'directory',
    description: 'directory of the SQLite database',
    ...plain,
    initial: (base) => resolve(base, 'data'),
    shownInitial: './data',
    parse: parseDirectory,
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    placeholder: 'url',
    description: 'address of a PostgreSQL database; without it SQLite is used',
    onCommandLine: true,
    fromFile: true,
    mayBeShown: false,
    initial: () => null,
    shownInitial: null,
    parse: parseDatabaseUrl,
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    placeholder: 'url',
    description: 'address at which the outside reaches this server',
    ...plain,
    mayBeShown: false,
    initial: () => null,
    shownInitial: null,
    parse: parsePublicUrl,
  },
  bootstrapKey: {
    name: 'BOOTSTRAP_KEY',
    placeholder: 'token',
    description: 'service key for the whole instance that is registered at the start',
    ...secret,
    parse: parseBootstrapKey,
  },
  metricsToken: {
    name: 'METRICS_TOKEN',
    placeholder: 'token',
    description: 'bearer token that /metrics asks of callers from other machines',
    ...secret,
    parse: parseToken,
  },
  secret: {
    name: 'SECRET',
    placeholder: 'text',
    description: 'secret that signs sessions; made in the data directory when SQLite is used',
    ...secret,
    parse: parseSecret,
  },
  adminEmail: {
    name: 'ADMIN_EMAIL',
    placeholder: 'address',
    description: 'e-mail address of the administrator that is made at the start if there is no such account',
    ...plain,
    initial: () => null,
    shownInitial: null,
    parse: parseEmail,
  },
  adminPassword: {
    name: 'ADMIN_PASSWORD',
    placeholder: 'text',
    description: 'first password of that administrator',
    ...secret,
    parse: parseAdminPassword,
  },
  trustedProxies: {
    name: 'TRUSTED_PROXIES',
    placeholder: 'ranges',
    description: 'proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, with commas between',
    ...plain,
    initial: () => [],
    shownInitial: null,
    parse: parseAddressRanges,
  },
  smtpUrl: {
    name: 'SMTP_URL',
    placeholder: 'url',
    description: 'server that takes e-mail; without it links are passed on by hand',
    onCommandLine: true,
    fromFile: true,
    mayBeShown: false,
    initial: () => null,
    shownInitial: null,
    parse: parseSmtpUrl,
  },
  mailFrom: {
    name: 'MAIL_FROM',
    placeholder: 'address',
    description: 'whom e-mail is from, such as "Keywright <keys@example.com>"',
    ...plain,
    initial: () => null,
    shownInitial: null,
    parse: parseMailFrom,
  },
  authPort: {
    name: 'AUTH_PORT',
    placeholder: 'number',
    description: 'port on which proxies ask whether requests may pass; without it the main port',
    ...plain,
    initial: () => null,
    shownInitial: null,
    parse: parsePort,
  },
  authHost: {
    name: 'AUTH_HOST',
    placeholder: 'address',
    description: 'address to listen on for them; without it the main one',
    ...plain,
    initial: () => null,
    shownInitial: null,
    parse: parseHost,
  },
  authCallers: {
    name: 'AUTH_CALLERS',
    placeholder: 'ranges',
    description: 'addresses of proxies that may ask, with commas between',
    ...plain,
    initial: () => null,
    shownInitial: 'this machine, or whoever sends the token',
    parse: parseAddressRanges,
  },
  authToken: {
    name: 'AUTH_TOKEN',
    placeholder: 'token',
    description: 'what proxies that ask must send as X-Keywright-Token',
    ...secret,
    parse: parseToken,
  },
  gatewayPort: {
    name: 'GATEWAY_PORT',
    placeholder: 'number',
    description: 'port of the built-in gateway; 0 takes a free one, off switches it off',
    ...plain,
    initial: () => 8788,
    shownInitial: '8788',
    parse: parsePortOrOff,
  },
  gatewayHost: {
    name: 'GATEWAY_HOST',
    placeholder: 'address',
    description: 'address for the built-in gateway to listen on; without it the main one',
    ...plain,
    initial: () => null,
    shownInitial: null,
    parse: parseHost,
  },
  gatewayDomain: {
    name: 'GATEWAY_DOMAIN',
    placeholder: 'domain',
    description: 'domain below which the gateway finds each channel by its slug, besides by path',
    ...plain,
    initial: () => null,
    shownInitial: null,
    parse: parseDomain,
  },
  upstreamAllow: {
    name: 'UPSTREAM_ALLOW',
    placeholder: 'ranges',
    description: 'private and loopback addresses that upstreams of channels may have, with commas between',
    ...plain,
    initial: () => [],
    shownInitial: null,
    parse: parseAddressRanges,
  },
  upstreamTimeout: {
    name: 'UPSTREAM_TIMEOUT',
    placeholder: 'seconds',
    description: 'how long an upstream may take until its response begins',
    ...plain,
    initial: () => 60,
    shownInitial: '60',
    parse: parseSeconds,
  },
  accessLog: {
    name: 'ACCESS_LOG',
    placeholder: 'on or off',
    description: 'whether the gateway logs each request',
    ...plain,
    initial: () => true,
    shownInitial: 'on',
    parse: parseSwitch,
  },
  logLevel: {
    name: 'LOG_LEVEL',
    placeholder: 'level',
    description: 'least severity that is logged',
    ...plain,
    initial: () => 'info',
    shownInitial: 'info',
    parse: parseLogLevel,
  },
};

export const settingNames = Object.keys(settings) as (keyof Config)[];

/** As `settings`, of the commands that manage. */
export const clientSettings: { readonly [Name in keyof ClientConfig]: Setting<ClientConfig[Name]> } = {
  url: {
    name: 'URL',
    placeholder: 'url',
    description: 'address of the server to speak to, which a service key opens',
    ...plain,
    mayBeShown: false,
    initial: () => null,
    shownInitial: 'the server of the data directory',
    parse: parsePublicUrl,
  },
  serviceKey: {
    name: 'SERVICE_KEY',
    placeholder: 'token',
    description: 'service key for that server',
    ...secret,
    parse: parseServiceKey,
  },
};

export const clientSettingNames = Object.keys(clientSettings) as (keyof ClientConfig)[];

export function variableOf(setting: Setting<unknown>): string {
  return variablePrefix + setting.name;
}

export function flagOf(setting: Setting<unknown>): string {
  return `--${setting.name.toLowerCase().replaceAll('_', '-')}`;
}
