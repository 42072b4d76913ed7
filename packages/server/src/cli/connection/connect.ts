import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, Flags } from '../../config.ts';
import { hasErrorCode } from '../../error-code.ts';
import { generateSecret } from '../../keys/secret-format.ts';
import { createLogger } from '../../log.ts';
import { DirectoryTakenError, StartupError } from '../../startup-error.ts';
import type { CliContext } from '../context.ts';
import { readClientSettings, readSettings } from '../read-settings.ts';
import { UsageError } from '../usage-error.ts';
import { type Api, createApi, RefusedError, UnreachableError } from './api.ts';
import { type Control, controlPrefix, nameDatabase, otherWay, readControl } from './control-file.ts';

/**
 * Gives a command that manages a server to speak to: the one that `KEYWRIGHT_URL` names; else the one that runs on the
 * data directory; else one that is started for this command alone, in this process. It is HTTP in each case, so that
 * there is one way in which things are done and checked.
 */
export async function withServer<T>(
  context: CliContext,
  flags: Flags,
  run: (api: Api) => Promise<T>,
): Promise<T> {
  const { url, serviceKey } = readClientSettings(context, flags);
  if (url !== null && serviceKey !== null) return run(createApi(url, serviceKey));
  if (url !== null)
    throw new UsageError(`No service key for ${url}: set KEYWRIGHT_SERVICE_KEY, or name a file.`);
  if (serviceKey !== null)
    throw new UsageError(
      'KEYWRIGHT_SERVICE_KEY is set, but no KEYWRIGHT_URL that says for which server it is.',
    );
  return withLocalServer(context, readSettings(context, flags), run);
}

const patienceMs = 15_000;
const successorMs = 5_000;
const pollMs = 100;
/** A server that hangs is as good as none: whether it still holds the data, a start of one's own finds out. */
const probeMs = 10_000;

/** As `withServer`, of the data directory, whatever `KEYWRIGHT_URL` says. */
export async function withLocalServer<T>(
  context: CliContext,
  config: Config,
  run: (api: Api) => Promise<T>,
): Promise<T> {
  const own: OwnServer[] = [];
  const find = () => findOrStart(context, config, own);
  try {
    return await run(followRestarts(config, await find(), find));
  } finally {
    for (const { stop } of own) await stop();
  }
}

/** @param own takes the server that had to be started, for it to be stopped afterwards */
async function findOrStart(context: CliContext, config: Config, own: OwnServer[]): Promise<Api> {
  // A server that is starting or stopping has the directory, but cannot be spoken to. It soon can, or lets go of it.
  for (const deadline = performance.now() + patienceMs; ; await sleep(pollMs)) {
    const running = await findRunning(config);
    if (running !== null) return running;
    const { hasDatabase } = await context.loadInstallation();
    if (!hasDatabase(config))
      throw new StartupError(`There is no database in ${config.dataDir} yet: start Keywright once.`);
    const mayChange = performance.now() < deadline;
    const started = await startOwn(context, config).catch((error: unknown) => {
      if (error instanceof DirectoryTakenError && mayChange) return null;
      throw error instanceof StartupError ? new StartupError(`${error.message} ${otherWay}`, error) : error;
    });
    if (started === null) continue;
    own.push(started);
    return started.api;
  }
}

/**
 * Starts what needs a directory for itself, a server or a restore, and waits while a command, a restore or a server that is
 * stopping has it: each lets go soon.
 * @throws DirectoryTakenError when a server runs there, or it takes too long
 */
export async function startWhenFree<T>(config: Config, start: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ; await sleep(pollMs)) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof DirectoryTakenError) || performance.now() > deadline) throw error;
      if ((await findRunning(config)) !== null) throw error;
    }
  }
}

/** Starts the service in this process, on a data directory or database that nobody else has, for as long as it takes. */
export async function withOwnServer<T>(
  context: CliContext,
  config: Config,
  run: (api: Api) => Promise<T>,
): Promise<T> {
  const { api, stop } = await startOwn(context, config);
  try {
    return await run(api);
  } finally {
    await stop();
  }
}

/** The server that left its control file in the data directory, if it still answers. */
async function findRunning(config: Config): Promise<Api | null> {
  const left = await probeControl(config);
  return left === null || left.hangs ? null : left.api;
}

/**
 * What the control file in the data directory leads to: a server that answers, or one that hangs. null: nobody listens
 * there any more, or somebody else, or it is the server of another database.
 */
export async function probeControl(
  config: Config,
): Promise<{ api: Api; hangs: false } | { control: Control; hangs: true } | null> {
  const control = await readControl(config.dataDir);
  if (control === null || control.database !== nameDatabase(config)) return null;
  const api = createApi(control.url, control.token);
  try {
    await api.call('listProjects', { query: { limit: 1 }, timeoutMs: probeMs });
    return { api, hangs: false };
  } catch (error) {
    if (error instanceof UnreachableError && error.isTimeout) return { control, hangs: true };
    if (isStale(error)) return null;
    throw error;
  }
}

/**
 * Goes over to the server that was started meanwhile on the same directory: it has another token, and maybe another
 * port. What the former one refused for its token was not done and is sent again; what got no answer may have been done,
 * and whether it can be sent again is for the caller to say. One that ended before it answered anything is as if it had
 * not been found.
 * @param findAnother for that case: a server that runs by now, or else one of one's own
 */
function followRestarts(config: Config, first: Api, findAnother: () => Promise<Api>): Api {
  let [api, hasAnswered] = [first, false];
  return {
    get url() {
      return api.url;
    },
    async call(name, options) {
      try {
        const answer = await api.call(name, options);
        hasAnswered = true;
        return answer;
      } catch (error) {
        if (!hasAnswered && isGone(error)) {
          api = await findAnother();
          return this.call(name, options);
        }
        hasAnswered ||= error instanceof RefusedError;
        const next = isStale(error) ? await findSuccessor(config, error) : null;
        if (next === null) throw error;
        api = next;
        if (error instanceof UnreachableError) throw error;
        return api.call(name, options);
      }
    },
  };
}

/** Which server has taken the place of one that refused, or was not there. */
async function findSuccessor(config: Config, error: unknown): Promise<Api | null> {
  // One that has just been started listens before it has written its file. Whether to ask for one that is not there
  // again is for the caller to say.
  const deadline = error instanceof UnreachableError ? 0 : performance.now() + successorMs;
  for (;;) {
    const next = await findRunning(config);
    if (next !== null || performance.now() >= deadline) return next;
    await sleep(pollMs);
  }
}

/** It was killed, and left its file: nobody listens there now, or somebody else who does not know its token. */
function isStale(error: unknown): boolean {
  if (error instanceof RefusedError) return error.problem.code === 'unauthenticated';
  return error instanceof UnreachableError;
}

/** Nobody listens there, so that nothing was done. */
function isGone(error: unknown): boolean {
  return error instanceof UnreachableError && hasErrorCode(error.cause, 'ECONNREFUSED');
}

interface OwnServer {
  api: Api;
  stop(): Promise<void>;
}

async function startOwn(context: CliContext, config: Config): Promise<OwnServer> {
  const { startService } = await context.loadInstallation();
  const token = generateSecret(controlPrefix);
  const logger = createLogger({ logLevel: 'error' }, context.stderr);
  const { localUrl, stop } = await startService(ownConfig(config), logger, token);
  return { api: createApi(localUrl, token), stop };
}

/** A server that nobody else finds, that signs nobody in, and that does nothing of what a first start does. */
function ownConfig(config: Config): Config {
  return {
    ...config,
    host: '127.0.0.1',
    port: 0,
    authPort: null,
    gatewayPort: null,
    publicUrl: null,
    bootstrapKey: null,
    metricsToken: null,
    // Nobody signs in to it.
    secret: generateSecret(controlPrefix),
    adminEmail: null,
    adminPassword: null,
    trustedProxies: [],
  };
}
