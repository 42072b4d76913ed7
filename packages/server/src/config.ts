import { resolve } from 'node:path';
import { censorText } from './censor.ts';
import { closestName } from './closest-name.ts';
import type { Parsed } from './setting-values.ts';
import {
  type ClientConfig,
  type Config,
  clientSettings,
  flagOf,
  type Setting,
  settings,
  variableOf,
  variablePrefix,
} from './settings.ts';

export type { ClientConfig, Config } from './settings.ts';

/** The values of flags by the setting's name in `Config`, with `File` after it where they name a file. */
export type Flags = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

interface System {
  cwd: string;
  readFile(path: string): string;
}

/**
 * Reads the settings; flags win over the environment.
 * @returns the frozen configuration, or a sentence for every fault. No sentence repeats a secret.
 */
export function readConfig(
  env: Environment,
  flags: Flags,
  system: System,
): { config: Config } | { faults: string[] } {
  const { read, isGiven, faults } = createReader(settings, { env, flags, system });
  const config: Config = Object.freeze({
    host: read('host'),
    port: read('port'),
    dataDir: read('dataDir'),
    databaseUrl: read('databaseUrl'),
    publicUrl: read('publicUrl'),
    bootstrapKey: read('bootstrapKey'),
    metricsToken: read('metricsToken'),
    secret: read('secret'),
    adminEmail: read('adminEmail'),
    adminPassword: read('adminPassword'),
    trustedProxies: read('trustedProxies'),
    smtpUrl: read('smtpUrl'),
    mailFrom: read('mailFrom'),
    authPort: read('authPort'),
    authHost: read('authHost'),
    authCallers: read('authCallers'),
    authToken: read('authToken'),
    gatewayPort: read('gatewayPort'),
    gatewayHost: read('gatewayHost'),
    gatewayDomain: read('gatewayDomain'),
    upstreamAllow: read('upstreamAllow'),
    upstreamTimeout: read('upstreamTimeout'),
    accessLog: read('accessLog'),
    logLevel: read('logLevel'),
  });
  if ((config.adminEmail === null) !== (config.adminPassword === null)) {
    faults.push(
      'KEYWRIGHT_ADMIN_EMAIL and KEYWRIGHT_ADMIN_PASSWORD belong together: set both or neither of them.',
    );
  }
  if (isGiven('smtpUrl') !== isGiven('mailFrom')) {
    faults.push('KEYWRIGHT_SMTP_URL and KEYWRIGHT_MAIL_FROM belong together: set both or neither of them.');
  }
  faults.push(...unknownVariables(env));
  return faults.length === 0 ? { config } : { faults };
}

/** As `readConfig`, of the settings by which commands reach a server. They are no business of the server's. */
export function readClientConfig(
  env: Environment,
  flags: Flags,
  system: System,
): { config: ClientConfig } | { faults: string[] } {
  const { read, faults } = createReader(clientSettings, { env, flags, system });
  const config: ClientConfig = Object.freeze({ url: read('url'), serviceKey: read('serviceKey') });
  return faults.length === 0 ? { config } : { faults };
}

type SettingsOf<C> = { readonly [Name in keyof C]: Setting<C[Name]> };

/** What reads a setting by its name, or tells whether it is there at all, and collects the faults meanwhile. */
function createReader<C>(
  table: SettingsOf<C>,
  { env, flags, system }: { env: Environment; flags: Flags; system: System },
) {
  const faults: string[] = [];
  const base = startDirectory(env, system.cwd);
  const read = <Name extends keyof C & string>(name: Name): C[Name] => {
    const setting = table[name];
    const source = findSource(name, setting, { env, flags });
    const result = parseSetting(setting, source, { base, readFile: system.readFile });
    if ('value' in result) return result.value;
    faults.push(result.fault);
    return setting.initial(base);
  };
  const isGiven = (name: keyof C & string) => findSource(name, table[name], { env, flags }).length > 0;
  return { read, isGiven, faults };
}

/** Where relative paths start: npm runs scripts in the package's directory and tells in INIT_CWD where it was called. */
export function startDirectory(env: Environment, cwd: string): string {
  return resolve(env.INIT_CWD || cwd);
}

interface Source {
  /** The flag or variable. */
  label: string;
  text: string;
  namesFile: boolean;
}

/** Who set it: the flags or, if none of them, the environment. More than one source is a fault. */
function findSource(
  name: string,
  setting: Setting<unknown>,
  { env, flags }: { env: Environment; flags: Flags },
): Source[] {
  const [flag, variable] = [flagOf(setting), variableOf(setting)];
  const inFlags = [
    { label: flag, text: flags[name], namesFile: false },
    { label: `${flag}-file`, text: flags[`${name}File`], namesFile: true },
  ];
  const inEnvironment = [
    { label: variable, text: env[variable], namesFile: false },
    { label: `${variable}_FILE`, text: env[`${variable}_FILE`], namesFile: true },
  ];
  const set = inFlags.filter(isSet);
  if (set.length > 0) return set;
  return inEnvironment
    .filter(isSet)
    .filter(({ label, namesFile }) => (namesFile ? setting.fromFile : !isServiceLink(label, env)));
}

function isSet(source: { label: string; text: unknown; namesFile: boolean }): source is Source {
  return typeof source.text === 'string';
}

type FileReader = Pick<System, 'readFile'> & { base: string };

function parseSetting<T>(setting: Setting<T>, sources: Source[], { base, readFile }: FileReader): Parsed<T> {
  const [source, other] = sources;
  if (source === undefined) return { value: setting.initial(base) };
  if (other !== undefined) return { fault: `${source.label} and ${other.label} are both set: keep one.` };
  if (source.text === '') return { fault: `${source.label} is empty: give it a value or leave it out.` };
  if (!source.namesFile) return parseText(setting, source.label, source.text, base);
  const content = readSecretFile(source, { base, readFile });
  if ('fault' in content) return content;
  return parseText(setting, `The content of the file that ${source.label} names`, content.value, base);
}

function parseText<T>(setting: Setting<T>, label: string, text: string, base: string): Parsed<T> {
  const parsed = setting.parse(text, base);
  if ('value' in parsed) return parsed;
  const shown = setting.mayBeShown ? `, but is ${JSON.stringify(censorText(text.slice(0, 100)))}` : '';
  const end = parsed.fault.endsWith('?') && shown === '' ? '' : '.';
  return { fault: `${label} ${parsed.fault}${shown}${end}` };
}

/**
 * The content without the newline at its end, and without the mark that some editors put at its beginning: nobody sees
 * it, or could type it with a password.
 * The path is not repeated in a fault: it may be a secret that was given where a file's name belongs.
 */
function readSecretFile({ label, text: path }: Source, { base, readFile }: FileReader): Parsed<string> {
  const where = resolve(path) === path ? '' : ` (a relative path starts at ${base})`;
  let content: string;
  try {
    content = readFile(resolve(base, path)).replace(/^\uFEFF|[\r\n]+$/g, '');
  } catch (error) {
    return { fault: `The file that ${label} names ${explainUnreadable(error)}${where}.` };
  }
  if (content === '') return { fault: `The file that ${label} names is empty${where}.` };
  return { value: content };
}

function explainUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read by the user that Keywright runs as';
  return code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`;
}

/** A misspelt variable must not silently do nothing. */
function unknownVariables(env: Environment): string[] {
  const all: Setting<unknown>[] = [...Object.values(settings), ...Object.values(clientSettings)];
  const known = all.flatMap(({ name, fromFile }) => (fromFile ? [name, `${name}_FILE`] : [name]));
  const set = Object.keys(env).filter((name) => /^keywright_/i.test(name) && env[name] !== undefined);
  const isKnown = (name: string) => known.some((part) => name === variablePrefix + part);
  const unknown = set.filter((name) => !isKnown(name) && !isServiceLink(name, env));
  return unknown.map((name) => {
    const meant = closestName(name.slice(variablePrefix.length).toUpperCase(), known);
    const advice =
      meant === null ? 'take it out of the environment.' : `did you mean ${variablePrefix}${meant}?`;
    return `${JSON.stringify(name).slice(1, -1)} is not a setting of Keywright: ${advice}`;
  });
}

/**
 * In every pod beside a Kubernetes service that is called `keywright` or `keywright-…`, the cluster itself sets
 * variables such as KEYWRIGHT_PORT=tcp://10.0.0.1:8787 and KEYWRIGHT_SERVICE_HOST. Nobody meant them as settings.
 */
function isServiceLink(name: string, env: Environment): boolean {
  if (env.KUBERNETES_SERVICE_HOST === undefined) return false;
  if (serviceLink.test(name)) return true;
  return /^KEYWRIGHT_(\w+_)?PORT$/.test(name) && /^(tcp|udp|sctp):\/\//.test(env[name] ?? '');
}

const serviceLink =
  /^KEYWRIGHT_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
