import type { Command } from 'commander';
import type { Config, Flags } from '../config.ts';
import { checkNodeVersion } from '../node-version.ts';
import type { CliContext, Finish } from './context.ts';
import { type Check, failed, formatChecks, ok, warning } from './doctor/check.ts';
import { checkControl } from './doctor/control.ts';
import { checkDataDirectory } from './doctor/data-directory.ts';
import { checkDatabase } from './doctor/database.ts';
import { checkDiskSpace } from './doctor/disk-space.ts';
import { checkMail } from './doctor/mail.ts';
import { checkPorts } from './doctor/port.ts';
import { formatJson } from './output/json.ts';
import { addSettingOptions, tryReadSettings } from './read-settings.ts';
import { say } from './say.ts';

export function addDoctorCommand(program: Command, context: CliContext, finish: Finish): void {
  const command = program
    .command('doctor')
    .description('check the installation, and say what to do about what is wrong')
    .option('--json', 'print JSON');
  addSettingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => finish(await examine(context, flags)));
}

const examples = `
It only looks; it changes nothing. Run it as the user that the server runs as, with the same settings.
Exit code: 0 when nothing fails, 1 otherwise.

Examples:
  $ keywright doctor
  $ keywright doctor --data-dir /var/lib/keywright --json`;

/** @returns the exit code */
async function examine(context: CliContext, flags: Flags): Promise<number> {
  const checks = await runChecks(context, flags);
  const fails = checks.some((check) => check.status === 'fail');
  const json = flags.json === true;
  say(context.stdout, json ? formatJson({ ok: !fails, checks }, 2) : formatChecks(checks));
  return fails ? 1 : 0;
}

async function runChecks(context: CliContext, flags: Flags): Promise<Check[]> {
  const read = tryReadSettings(context, flags);
  if ('faults' in read) {
    const faults = read.faults.map((fault) => failed('configuration', fault, 'Correct the setting.'));
    const rest = warning('the rest', 'not checked.', 'Run this again when the configuration holds.');
    return [checkNode(), ...faults, rest];
  }
  const { config } = read;
  return [
    checkNode(),
    ok('configuration', 'all settings hold.'),
    ...(await checkSurroundings(context, config)),
  ];
}

async function checkSurroundings(context: CliContext, config: Config): Promise<Check[]> {
  const { databaseUrl, dataDir } = config;
  const onDisk =
    databaseUrl === null ? [await checkDataDirectory(dataDir), await checkDiskSpace(dataDir)] : [];
  return [
    ...onDisk,
    ...(await checkDatabase(config, context.loadInstallation)),
    ...(await checkPorts(config)),
    ...(await checkMail(config)),
    ...(await checkControl(config)),
  ];
}

function checkNode(): Check {
  const fault = checkNodeVersion(process.versions.node);
  if (fault === null) return ok('node', `Node.js ${process.versions.node}.`);
  return failed('node', fault, 'Install Node.js 24 or newer.');
}
