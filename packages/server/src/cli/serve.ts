import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Config, Flags } from '../config.ts';
import { generateSecret, type Secret } from '../keys/secret-format.ts';
import { createLogger } from '../log.ts';
import { makeDirectory } from '../make-directory.ts';
import { StartupError } from '../startup-error.ts';
import { startWhenFree } from './connection/connect.ts';
import { controlPrefix, nameDatabase, removeControl, writeControl } from './connection/control-file.ts';
import type { CliContext, Finish } from './context.ts';
import { addSettingOptions, readSettings } from './read-settings.ts';
import { complain, explainError } from './say.ts';
import { createShutdown } from './shutdown.ts';

export function addServeCommand(program: Command, context: CliContext, finish: Finish): void {
  const command = program.command('serve').description('start the server');
  addSettingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => finish(await serve(context, flags)));
}

const examples = `
Examples:
  $ keywright serve
  $ keywright serve --port 9000 --data-dir /var/lib/keywright
  $ keywright serve --host 0.0.0.0 --database-url-file /run/secrets/database-url`;

/**
 * Runs the server until a signal ends it.
 * @returns the exit code: 0 after a clean stop, 1 when it could not start or stop
 */
async function serve(context: CliContext, flags: Flags): Promise<number> {
  try {
    const config = readSettings(context, flags);
    return await run(context, config);
  } catch (error) {
    refuse(context, error);
    context.exit(1);
    return 1;
  }
}

async function run(context: CliContext, config: Config): Promise<number> {
  const logger = createLogger(config);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    context.on(event, (cause) => {
      logger.fatal({ err: cause }, 'unexpected error, exiting');
      context.exit(1);
    });
  }
  const starting = start(context, config, logger);
  // A signal while it still starts stops it as soon as it has started.
  const stop = async () => (await starting).stop();
  const shutdown = createShutdown({ stop, logger, exit: (code) => context.exit(code) });
  context.on('SIGTERM', () => shutdown.begin('SIGTERM'));
  context.on('SIGINT', () => shutdown.begin('SIGINT'));
  await starting;
  return shutdown.done;
}

/** Starts the service, and leaves commands of this machine a way to it for as long as it runs. */
async function start(
  context: CliContext,
  config: Config,
  logger: Logger,
): Promise<{ stop(): Promise<void> }> {
  const { startService } = await context.loadInstallation();
  const token = generateSecret(controlPrefix);
  const { url, authUrl, gatewayUrl, localUrl, issueSetupUrl, stop } = await startWhenFree(config, () =>
    startService(config, logger, token),
  );
  const { dataDir, databaseUrl } = config;
  const told = (error: unknown) =>
    logger.warn({ err: error, dataDir }, 'commands of this machine do not find this server');
  await leaveControl(config, { url: localUrl, token }).catch(told);
  tellSetupUrl(context, logger, await issueSetupUrl());
  logger.info(
    {
      url,
      ...(authUrl && { authUrl }),
      ...(gatewayUrl && { gatewayUrl }),
      engine: databaseUrl === null ? 'sqlite' : 'postgres',
    },
    'listening',
  );
  return {
    async stop() {
      await removeControl(dataDir, token).catch(told);
      await stop();
    },
  };
}

/** On PostgreSQL there may be no data directory yet. */
async function leaveControl(config: Config, { url, token }: { url: string; token: Secret }): Promise<void> {
  makeDirectory(config.dataDir);
  await writeControl(config.dataDir, { url, token, pid: process.pid, database: nameDatabase(config) });
}

/** Whoever opens it becomes the administrator, so that it must be told even where nothing else is logged. */
function tellSetupUrl({ stdout }: CliContext, logger: Logger, url: string | null): void {
  if (url === null) return;
  const sentence = `Nobody administers this instance yet. Make the first administrator at ${url}`;
  if (logger.isLevelEnabled('warn')) logger.warn(sentence);
  else stdout.write(`${sentence}\n`);
}

/** A person gets sentences, a collector of logs a line for each. Only what is unexpected comes with its stack. */
function refuse(context: CliContext, error: unknown): void {
  const logger = createLogger({ logLevel: 'fatal' }, context.stderr);
  if (!(error instanceof StartupError)) {
    logger.fatal({ err: error }, 'unexpected error, not started');
    return;
  }
  for (const sentence of explainError(error)) {
    if (context.stderr.isTTY) complain(context, sentence);
    else logger.fatal(sentence);
  }
}
