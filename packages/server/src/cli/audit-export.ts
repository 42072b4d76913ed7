import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import type { Flags } from '../config.ts';
import { hasErrorCode } from '../error-code.ts';
import { genesis, type LedgerHead, type StoredLedgerRow } from '../ledger/entry.ts';
import { scanLedger, toExportRow } from '../ledger/export-ledger.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { publishFile } from './backup/publish-file.ts';
import { chooseTarget } from './backup/target.ts';
import type { CliContext, Finish } from './context.ts';
import { formatHead } from './head-text.ts';
import { runCommand } from './manage.ts';
import { withLedger } from './open-ledger.ts';
import { formatJson } from './output/json.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { explainError, say } from './say.ts';

export function addAuditExportCommand(audit: Command, context: CliContext, finish: Finish): void {
  const command = audit.command('export').description('write the whole ledger as NDJSON, oldest row first');
  command
    .option(
      '--output <file or directory>',
      'file to write to instead of stdout, compressed if it ends with .gz; in a directory it gets a name with the time',
    )
    .option('--force', 'with --output: replace a file that is there')
    .option('--json', 'with --output: print the number of rows and the head as JSON');
  addSettingOptions(command, storageSettings)
    .addHelpText('after', examples)
    .action(async (flags: ExportFlags) => finish(await exportLedgerRows(context, flags)));
}

const examples = `
Each line is a row with all that is needed to check the chain without the database. It holds names and addresses.

Examples:
  $ keywright audit export --output /mnt/backups
  $ keywright audit export --output ledger.ndjson.gz
  $ keywright audit export | jq 'select(.action == "key.revoked")'
  $ keywright audit verify --file ledger.ndjson.gz`;

interface ExportFlags extends Flags {
  output?: string;
  force?: boolean;
  json?: boolean;
}

/** @returns the exit code */
function exportLedgerRows(
  context: CliContext,
  { output, force = false, json, ...flags }: ExportFlags,
): Promise<number> {
  return runCommand(context, async () => {
    const config = readSettings(context, flags);
    if (output === undefined) {
      await withLedger(context, config, (ledger) => writeToStdout(context, ledger));
      return;
    }
    const target = { dataDir: config.dataDir, mayReplace: force, extension: 'ndjson' as const };
    const path = chooseTarget(context, output, target);
    const written = await withLedger(context, config, (ledger) =>
      writeToFile(context, { path, ledger, mayReplace: force }),
    );
    const [rows, head] = [written.seq, formatHead(written)];
    if (json) say(context.stdout, formatJson({ file: path, rows, head }));
    else say(context.stdout, `Wrote ${rows} ${rows === 1 ? 'row' : 'rows'} to ${path}.\nHead: ${head}`);
  });
}

/** A reader that stops reading, as `head` does, ends the export. What else stdout fails with is told by whoever watches it. */
async function writeToStdout({ stdout }: CliContext, ledger: LedgerStore): Promise<LedgerHead> {
  const lines = new ExportLines(ledger);
  try {
    await pipeline(lines.write(), stdout, { end: false });
  } catch (error) {
    if (!hasErrorCode(error, 'EPIPE', 'ENOSPC')) throw error;
  }
  return lines.head;
}

/** A part of an export would pass for a whole one, so that it gets its name when all is there. */
function writeToFile(
  context: CliContext,
  { path, ledger, mayReplace }: { path: string; ledger: LedgerStore; mayReplace: boolean },
): Promise<LedgerHead> {
  return publishFile(context, path, { mayReplace }, async (draft) => {
    const lines = new ExportLines(ledger);
    const target = createWriteStream(draft);
    if (path.endsWith('.gz')) await pipeline(lines.write(), createGzip(), target);
    else await pipeline(lines.write(), target);
    return lines.head;
  });
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
