import type { Logger } from 'pino';
import type { AccountServices } from './accounts/account-services.ts';
import type { Told } from './accounts/auth-records.ts';
import { createIdentity } from './accounts/better-auth/identity.ts';
import { createSecondFactorVault } from './accounts/better-auth/vault.ts';
import { registerAdministrator } from './accounts/register-administrator.ts';
import { findRelyingParty } from './accounts/relying-party.ts';
import { issueSetupToken } from './accounts/set-up.ts';
import { Throttle } from './accounts/throttle.ts';
import { composeGateways } from './compose-gateways.ts';
import type { Config } from './config.ts';
import { systemCaller } from './domain/caller.ts';
import { SystemClock } from './domain/clock.ts';
import type { Context } from './domain/context.ts';
import { DomainError, isOutage } from './domain/error.ts';
import { createEngine } from './engine.ts';
import { createUpstreamGuard } from './gateway/upstream-address.ts';
import { createHttpServer } from './http/server.ts';
import { RunningRequests } from './idempotency/running-requests.ts';
import { hashSecret, type Secret } from './keys/secret-format.ts';
import { closeServer, listen, listenLocally } from './listen.ts';
import { createLineWriter } from './log.ts';
import { PostOffice } from './mail/post-office.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { readVersion } from './own-package.ts';
import { createReadinessCheck } from './readiness.ts';
import { registerBootstrapKey } from './service-keys/register-bootstrap-key.ts';
import { readSessionSecret } from './session-secret.ts';
import { StartupError } from './startup-error.ts';
import { openPostgres } from './storage/postgres.ts';
import { openSqlite } from './storage/sqlite.ts';
import { isOpenToAll } from './storage/sqlite-files.ts';
import type { Storage } from './storage/storage.ts';
import { WriteWatch } from './storage/write-watch.ts';
import { observeBarrier, watchConnections, watchDatabase, watchEngine } from './watch.ts';
import { watchDescriptors } from './watch-descriptors.ts';
import { createAccess } from './wire/access.ts';
import { createMetrics } from './wire/metrics.ts';
import { createProblemSender } from './wire/send-problem.ts';

export { openDatabaseFile } from './storage/database-file.ts';
export { hasDatabase, inspectStorage, openReadOnly as openStorageReadOnly } from './storage/inspect.ts';
export { copyDatabase } from './storage/sqlite-backup.ts';
export { claimDataDirectory } from './storage/sqlite-restore.ts';

/**
 * Puts the service together and starts it.
 * @param controlToken lets commands of this machine in; only its hash is kept
 * @returns its address, the one by which programs on this machine reach it, what makes the link for the first
 *   administrator (null when there is one), and how to stop it without cutting a request off
 * @throws StartupError with a sentence on what is in the way
 */
export async function startService(
  config: Config,
  logger: Logger,
  controlToken: Secret,
): Promise<{
  url: string;
  /** Of the port for proxies that ask; null: they ask on the main one. */
  authUrl: string | null;
  /** Of the built-in gateway. */
  gatewayUrl: string | null;
  localUrl: string;
  issueSetupUrl(): Promise<string | null>;
  stop(): Promise<void>;
}> {
  const writes = new WriteWatch(new SystemClock());
  const storage = writes.watch(await openStorage(config, logger));
  const guard = createUpstreamGuard(config.upstreamAllow);
  const engine = createEngine(storage, logger, guard);
  try {
    await engine.heartbeat.start();
    if (config.bootstrapKey !== null) {
      const outcome = await registerBootstrapKey(engine.context, config.bootstrapKey);
      if (outcome === 'not_brought_back')
        logger.warn('the bootstrap key was deleted or rotated before; it stays dead');
    }
    await makeAdministrator(config, engine.context);
    const version = readVersion();
    const metrics = createMetrics({ version, engine: storage.engine });
    watchEngine(metrics, engine);
    watchDatabase(metrics, storage);
    const context = observeBarrier(engine.context, metrics);
    let url = '';
    const publicUrl = () => config.publicUrl ?? url;
    const post = createPostOffice(config, publicUrl, logger);
    const access = createAccess(config);
    const sendProblem = createProblemSender({ logger, publicUrl });
    const writeLines = createLineWriter();
    const gateways = composeGateways({
      config,
      engine,
      access,
      guard,
      mainPort: () => (url === '' ? null : Number(new URL(url).port || 80)),
      metrics,
      sendProblem,
      publicUrl,
      logger,
      writeLines,
    });
    const { server, drain } = createHttpServer({
      context,
      running: new RunningRequests(),
      verifier: engine.meter,
      authenticate: (authorization) => engine.authenticator.authenticate(authorization),
      controlToken: hashSecret(controlToken.reveal()),
      accounts: createAccounts({ context, post, config, logger, listenUrl: () => url }),
      access,
      doors: gateways.doors,
      gateways: gateways.whereabouts,
      checkReadiness: createReadinessCheck({
        storage,
        writes,
        fence: engine.fence,
        offsetMs: engine.offsetMs,
      }),
      metrics,
      logger,
      publicUrl,
      metricsToken: config.metricsToken?.reveal() ?? null,
      version,
    });
    watchConnections(metrics, server);
    url = await listen(server, {
      host: config.host,
      port: config.port,
      hostFlag: 'host',
      portFlag: 'port',
    });
    const gatewayUrls = await gateways.listen();
    const local = await listenLocally(server);
    engine.usageWriter.start();
    engine.usageJournal.wake();
    engine.usageUpkeep.start();
    engine.answerUpkeep.start();
    engine.linkUpkeep.start();
    const endDescriptorWatch = watchDescriptors({ clock: engine.context.clock, logger });
    return {
      url,
      ...gatewayUrls,
      localUrl: local.url,
      issueSetupUrl: () => issueSetupUrl(engine.context, publicUrl()),
      async stop() {
        const begunAt = performance.now();
        drain();
        local.close();
        endDescriptorWatch();
        const upkeep = Promise.all([
          engine.usageUpkeep.stop(),
          engine.answerUpkeep.stop(),
          engine.linkUpkeep.stop(),
        ]);
        await Promise.all([closeServer(server), gateways.close()]);
        const restMs = stopMs - (performance.now() - begunAt);
        // None of them may keep another from writing what is left.
        await Promise.all([
          upkeep,
          post.close(Math.min(restMs, postMs)),
          engine.limiter.stop(),
          engine.usageWriter.stop(restMs),
        ]);
        await engine.heartbeat.stop();
        await storage.close();
      },
    };
  } catch (error) {
    await engine.heartbeat.stop();
    await storage.close();
    // Its disk full, say: not a fault of the program.
    throw isOutage(error) ? new StartupError(`Not started: ${error.detail}`, error) : error;
  }
}

async function openStorage({ databaseUrl, dataDir }: Config, logger: Logger): Promise<Storage> {
  if (databaseUrl === null) {
    const storage = await openSqlite(dataDir);
    // Known only now: the first start makes it.
    if (isOpenToAll(dataDir))
      logger.warn(`every user of this machine may look or write into ${dataDir}: run chmod 700 ${dataDir}`);
    return storage;
  }
  return openPostgres({
    url: databaseUrl,
    onIdleError: (error) => logger.warn({ err: error }, 'a database connection broke'),
  });
}

/** How many letters somebody can have sent to one address before they come more slowly. */
const freeLetters = 5;
/** How often one address is asked for a passkey before that comes more slowly: a whole office may be behind it. */
const freeChallenges = 200;
/** Letters that were handed in are not lost to a stop that has the time. */
const postMs = 2000;

function createPostOffice(config: Config, publicUrl: () => string, logger: Logger): PostOffice {
  const { smtpUrl: server, mailFrom: from } = config;
  const mailer = server !== null && from !== null ? createSmtpMailer({ server, from }) : null;
  if (mailer !== null && config.publicUrl === null)
    logger.warn(
      'KEYWRIGHT_PUBLIC_URL is not set: links in e-mail lead to the address that this server listens on',
    );
  return new PostOffice({ mailer, publicUrl, log: logger });
}

interface AccountParts {
  context: Context;
  post: PostOffice;
  config: Config;
  logger: Logger;
  listenUrl(): string;
}

function createAccounts({ context, post, config, logger, listenUrl }: AccountParts): AccountServices {
  const records = {
    read: context.stores.authRecords,
    write: async <T>(run: (records: Context['stores']['authRecords']) => Promise<T>, told?: Told) => {
      const outcome = async (stores: Context['stores']) => ({
        value: await run(stores.authRecords),
        entries: told?.entries ?? [],
      });
      return (await context.change(told?.caller ?? systemCaller, outcome)).value;
    },
  };
  const { clock } = context;
  const secret = readSessionSecret(config);
  const passkeys = () => findRelyingParty(config.publicUrl, listenUrl());
  return {
    context,
    identity: createIdentity({ records, secret, clock, logger, passkeys }),
    throttle: new Throttle(clock),
    codeThrottle: new Throttle(clock, { free: 5 }),
    mailThrottle: new Throttle(clock, { free: freeLetters }),
    challengeThrottle: new Throttle(clock, { freePerAddress: freeChallenges }),
    post,
    vault: createSecondFactorVault(secret),
    passkeys,
  };
}

/** The token stands behind the #, where no browser sends it to a server and so none can log it. */
async function issueSetupUrl(context: Context, publicUrl: string): Promise<string | null> {
  const token = await issueSetupToken(context);
  return token && `${publicUrl}/setup#token=${token.reveal()}`;
}

/** @throws StartupError for a password that would be guessed */
async function makeAdministrator({ adminEmail, adminPassword }: Config, context: Context): Promise<void> {
  if (adminEmail === null || adminPassword === null) return;
  try {
    await registerAdministrator(context, { email: adminEmail, password: adminPassword });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'validation_failed')) throw error;
    throw new StartupError(`KEYWRIGHT_ADMIN_PASSWORD cannot be used: ${error.detail}`, error);
  }
}

/** How long a stop may take until what was counted is written; the rest of 5 s is for closing the database. */
const stopMs = 4700;
