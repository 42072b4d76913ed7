import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { type Flags, startDirectory } from '../config.ts';
import { hasErrorCode } from '../error-code.ts';
import { genesis, type LedgerHead, type StoredLedgerRow } from '../ledger/entry.ts';
import { scanLedger, toExportRow } from '../ledger/export-ledger.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { CliContext, Finish } from './context.ts';
import { formatHead } from './head-text.ts';
import { withLedger } from './open-ledger.ts';
import { formatJson } from './output/json.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { explainError, say, withComplaints } from './say.ts';

export function addAuditExportCommand(audit: Command, context: CliContext, finish: Finish): void {
  const command = audit.command('export').description('write the whole ledger as NDJSON, oldest row first');
  command
    .option('--output <file>', 'new file to write to instead of stdout; compressed if it ends with .gz')
    .option('--json', 'with --output: print the number of rows and the head as JSON');
  addSettingOptions(command, storageSettings)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => finish(await exportLedgerRows(context, flags)));
}

const examples = `
Each line is a row with all that is needed to check the chain without the database. It holds names and addresses.

Examples:
  $ keywright audit export --output ledger.ndjson.gz
  $ keywright audit export | jq 'select(.action == "key.revoked")'
  $ keywright audit verify --file ledger.ndjson.gz`;

/** @returns the exit code */
function exportLedgerRows(context: CliContext, flags: Flags): Promise<number> {
  return withComplaints(context, 1, async () => {
    const config = readSettings(context, flags);
    const { output } = flags;
    const path =
      typeof output === 'string' ? resolve(startDirectory(context.env, context.cwd), output) : null;
    const written = await withLedger(context, config, (ledger) => {
      return path === null ? writeToStdout(context, ledger) : writeToFile(path, ledger);
    });
    if (path !== null && flags.json) {
      say(context.stdout, formatJson({ file: path, rows: written.seq, head: formatHead(written) }));
    }
    return 0;
  });
}

/** A reader that stops reading, as `head` does, ends the export without a complaint. */
async function writeToStdout({ stdout }: CliContext, ledger: LedgerStore): Promise<LedgerHead> {
  const lines = new ExportLines(ledger);
  try {
    await pipeline(lines.write(), stdout, { end: false });
  } catch (error) {
    if (!hasErrorCode(error, 'EPIPE')) throw error;
  }
  return lines.head;
}

async function writeToFile(path: string, ledger: LedgerStore): Promise<LedgerHead> {
  const file = await createFile(path);
  const lines = new ExportLines(ledger);
  const target = file.createWriteStream({ flush: true });
  try {
    if (path.endsWith('.gz')) await pipeline(lines.write(), createGzip(), target);
    else await pipeline(lines.write(), target);
    return lines.head;
  } catch (error) {
    // A part of an export would pass for a whole one.
    await rm(path, { force: true });
    throw error;
  }
}

async function createFile(path: string) {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) throw new Error(`${path} exists already: it is not overwritten.`);
    throw error;
  }
}

/** The rows of a ledger as lines, and the last one that was written. */
class ExportLines {
  readonly #ledger: LedgerStore;
  head: LedgerHead = genesis;

  constructor(ledger: LedgerStore) {
    this.#ledger = ledger;
  }

  async *write(): AsyncGenerator<string> {
    for await (const row of scanLedger(this.#ledger, {})) {
      yield `${formatRow(row)}\n`;
      this.head = row;
    }
  }
}

function formatRow(row: StoredLedgerRow): string {
  try {
    return JSON.stringify(toExportRow(row));
  } catch (error) {
    const [cause] = explainError(error);
    throw new Error(`Row ${row.seq} is damaged (${cause}): see what "keywright audit verify" says of it.`);
  }
}
