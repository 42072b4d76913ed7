import type { Readable, Writable } from 'node:stream';
import type { Logger } from 'pino';
import type { Config, Environment } from '../config.ts';
import type { Stores } from '../domain/context.ts';
import type { Secret } from '../keys/secret-format.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';

export type Output = Writable & { isTTY?: boolean; columns?: number };

/** What commands see of the process, so that tests can give them another one. */
export interface CliContext {
  env: Environment;
  cwd: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  /** For signals and what nobody caught. */
  on(
    event: 'SIGTERM' | 'SIGINT' | 'uncaughtException' | 'unhandledRejection',
    listener: (cause: unknown) => void,
  ): void;
  exit(code: number): void;
  /**
   * Loads the database drivers and the server. Only when a command needs them, so that the others work where a driver
   * cannot be loaded, and start faster.
   */
  loadInstallation(): Promise<Installation>;
}

/** Takes the exit code of a command. */
export type Finish = (exitCode: number) => void;

/** The parts of `compose.ts` that commands call. */
export interface Installation {
  startService(
    config: Config,
    logger: Logger,
    controlToken: Secret,
  ): Promise<{
    url: string;
    authUrl: string | null;
    gatewayUrl: string | null;
    localUrl: string;
    issueSetupUrl(): Promise<string | null>;
    stop(): Promise<void>;
  }>;
  openStorageReadOnly(config: Config): Promise<{ stores: Stores; close(): Promise<void> }>;
  inspectStorage(config: Config): Promise<StorageState>;
  /** Whether there is a database; one on PostgreSQL is taken to be there. Throws when that may not be looked at. */
  hasDatabase(location: Pick<Config, 'databaseUrl' | 'dataDir'>): boolean;
  /** Copies the SQLite database of a directory into an empty file. */
  copyDatabase(dataDir: string, to: string, onProgress: (part: number) => void): Promise<void>;
  openDatabaseFile(path: string): Promise<DatabaseFile>;
  /** Makes sure that no server runs on a directory until it is released. */
  claimDataDirectory(dataDir: string): ClaimedDirectory;
}

export interface StorageState {
  engine: 'sqlite' | 'postgres';
  version: string;
  migrations: 'none' | 'current' | 'behind' | 'newer';
  /** Milliseconds since 1970. */
  databaseTimeMs: number;
  /** Why no server starts on it, in sentences, and what to do about it. */
  fault: { fault: string; remedy: string } | null;
}

/** A database in a file that no server runs on. */
interface DatabaseFile {
  ledger: LedgerStore;
  migrations: StorageState['migrations'];
  /** A sentence; null when the file holds what it should. */
  findDamage(): string | null;
  close(): Promise<void>;
}

/** A data directory that no server runs on. */
interface ClaimedDirectory {
  /** Copies a database into a directory of its own, and answers that. */
  stage(database: string): string;
  /** Puts a staged database in place, and answers under which path the former one was kept. */
  putInPlace(stage: string, keepAs: string): string | null;
  release(): void;
}

/** The real process. */
export function processContext(): CliContext {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    on: (event, listener) => process.on(event, listener),
    exit: (code) => process.exit(code),
    loadInstallation: () => import('../compose.ts'),
  };
}
