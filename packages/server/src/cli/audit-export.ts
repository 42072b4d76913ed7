import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type Flags, startDirectory } from '../config.ts';
import { scanLedger, toExportRow } from '../ledger/export-ledger.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { CliContext, Finish } from './context.ts';
import { withLedger } from './open-ledger.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { explainError, withComplaints } from './say.ts';

export function addAuditExportCommand(audit: Command, context: CliContext, finish: Finish): void {
  const command = audit.command('export').description('write the whole ledger as NDJSON, oldest row first');
  addSettingOptions(
    command.option('--output <file>', 'new file to write to instead of stdout'),
    storageSettings,
  )
    .addHelpText('after', examples)
    .action(async (flags: Flags) => finish(await exportLedgerRows(context, flags)));
}

const examples = `
Each line is a row with all that is needed to check the chain without the database. It holds names and addresses.

Examples:
  $ keywright audit export --output ledger.ndjson
  $ keywright audit export | jq 'select(.action == "key.revoked")'
  $ keywright audit verify --file ledger.ndjson`;

/** @returns the exit code */
function exportLedgerRows(context: CliContext, flags: Flags): Promise<number> {
  return withComplaints(context, 1, async () => {
    const config = readSettings(context, flags);
    const { output } = flags;
    const path =
      typeof output === 'string' ? resolve(startDirectory(context.env, context.cwd), output) : null;
    await withLedger(context, config, (ledger) => {
      return path === null ? writeToStdout(context, ledger) : writeToFile(path, ledger);
    });
    return 0;
  });
}

/** A reader that stops reading, as `head` does, ends the export without a complaint. */
async function writeToStdout({ stdout }: CliContext, ledger: LedgerStore): Promise<void> {
  try {
    await pipeline(exportLines(ledger), stdout, { end: false });
  } catch (error) {
    if (!hasCode(error, 'EPIPE')) throw error;
  }
}

async function writeToFile(path: string, ledger: LedgerStore): Promise<void> {
  const file = await createFile(path);
  try {
    await pipeline(exportLines(ledger), file.createWriteStream({ flush: true }));
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
    if (hasCode(error, 'EEXIST')) throw new Error(`${path} exists already: it is not overwritten.`);
    throw error;
  }
}

async function* exportLines(ledger: LedgerStore): AsyncGenerator<string> {
  for await (const row of scanLedger(ledger, {})) {
    let line: string;
    try {
      line = JSON.stringify(toExportRow(row));
    } catch (error) {
      const [cause] = explainError(error);
      throw new Error(`Row ${row.seq} is damaged (${cause}): see what "keywright audit verify" says of it.`);
    }
    yield `${line}\n`;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
