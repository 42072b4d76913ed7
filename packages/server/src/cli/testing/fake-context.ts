import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Stores } from '../../domain/context.ts';
import { genesis, type LedgerHead, type StoredLedgerRow } from '../../ledger/entry.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { CliContext, Installation, Output } from '../context.ts';
import { runCli } from '../run.ts';

interface FakeOptions {
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string;
  installation?: Partial<Installation>;
  /** Whether stdout and stderr are a terminal. */
  isTerminal?: boolean;
}

/** A process that is none: what it prints is kept, and signals are given by hand. */
export class FakeProcess {
  readonly context: CliContext;
  readonly exitCodes: number[] = [];
  readonly #listeners: { event: string; listener: (cause: unknown) => void }[] = [];
  readonly #printed = { stdout: '', stderr: '' };

  constructor({
    env = {},
    cwd = '/srv',
    stdin = '',
    installation = {},
    isTerminal = false,
  }: FakeOptions = {}) {
    this.context = {
      env,
      cwd,
      stdin: Object.assign(Readable.from([Buffer.from(stdin)]), { isTTY: isTerminal }),
      stdout: this.#output('stdout', isTerminal),
      stderr: this.#output('stderr', isTerminal),
      on: (event, listener) => void this.#listeners.push({ event, listener }),
      exit: (code) => void this.exitCodes.push(code),
      loadInstallation: async () => ({ ...unavailable, ...installation }),
    };
  }

  get stdout(): string {
    return this.#printed.stdout;
  }

  get stderr(): string {
    return this.#printed.stderr;
  }

  run(...args: string[]): Promise<number> {
    return runCli(args, this.context);
  }

  emit(event: string, cause?: unknown): void {
    for (const known of this.#listeners) if (known.event === event) known.listener(cause);
  }

  #output(name: 'stdout' | 'stderr', isTTY: boolean): Output {
    const write = (chunk: Buffer, _: string, done: () => void) => {
      this.#printed[name] += chunk.toString();
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY });
  }
}

/** An installation whose database holds these rows. */
export function installationOf(rows: StoredLedgerRow[], head: LedgerHead = rows.at(-1) ?? genesis) {
  const ledger: Pick<LedgerStore, 'head' | 'scan'> = {
    head: async () => ({ seq: head.seq, hash: head.hash }),
    scan: async (_, afterSeq, limit) => rows.filter((row) => row.seq > afterSeq).slice(0, limit),
  };
  let isOpen = false;
  return {
    isOpen: () => isOpen,
    async openStorageReadOnly() {
      isOpen = true;
      const close = async () => {
        isOpen = false;
      };
      return { stores: { ledger } as Stores, close };
    },
  };
}

const fail = () => Promise.reject(new Error('not needed here'));
const unavailable: Installation = {
  startService: fail,
  openStorageReadOnly: fail,
  inspectStorage: fail,
  copyDatabase: fail,
  openDatabaseFile: fail,
  claimDataDirectory() {
    throw new Error('not needed here');
  },
  hasDatabase: ({ databaseUrl, dataDir }) =>
    databaseUrl !== null || existsSync(join(dataDir, 'keywright.db')),
};
