import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ClientConfig, type Config, type Flags, readClientConfig, readConfig } from '../config.ts';
import {
  clientSettingNames,
  clientSettings,
  flagOf,
  type Setting,
  settingNames,
  settings,
  variableOf,
} from '../settings.ts';
import { StartupError } from '../startup-error.ts';
import type { CliContext } from './context.ts';

/** Settings that do not hold. */
export class ConfigurationError extends StartupError {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/** Where the database is: what every command needs that reads it. */
export const storageSettings: readonly SettingName[] = ['dataDir', 'databaseUrl'];
/** And what commands need that manage. */
export const connectionSettings: readonly SettingName[] = [...clientSettingNames, ...storageSettings];

type SettingName = keyof Config | keyof ClientConfig;
const allSettings: Readonly<Record<SettingName, Setting<unknown>>> = { ...settings, ...clientSettings };

/** Gives a command the flags of these settings, and its help their variables. */
export function addSettingOptions(command: Command, names: readonly SettingName[] = settingNames): Command {
  for (const name of names) {
    const { description, placeholder, shownInitial, onCommandLine, fromFile } = allSettings[name];
    const flag = flagOf(allSettings[name]);
    const initial = shownInitial === null ? '' : ` (default: ${shownInitial})`;
    if (onCommandLine) command.option(`${flag} <${placeholder}>`, description + initial);
    if (fromFile)
      command.option(`${flag}-file <path>`, `file that holds the ${onCommandLine ? 'same' : description}`);
  }
  return command.addHelpText('after', `\n${describeVariables(names)}`);
}

/**
 * @throws ConfigurationError with every fault
 */
export function readSettings(context: CliContext, flags: Flags): Config {
  const result = tryReadSettings(context, flags);
  if ('faults' in result) throw new ConfigurationError(result.faults);
  return result.config;
}

/**
 * How to reach the server, for commands that manage.
 * @throws ConfigurationError with every fault
 */
export function readClientSettings({ env, cwd }: CliContext, flags: Flags): ClientConfig {
  const result = readClientConfig(env, flags, { cwd, readFile });
  if ('faults' in result) throw new ConfigurationError(result.faults);
  return result.config;
}

/** As `readSettings`, with the faults as a value. */
export function tryReadSettings({ env, cwd }: CliContext, flags: Flags): ReturnType<typeof readConfig> {
  return readConfig(env, flags, { cwd, readFile });
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}

function describeVariables(names: readonly SettingName[]): string {
  const variables = names.flatMap((name) => {
    const variable = variableOf(allSettings[name]);
    return allSettings[name].fromFile ? [variable, `${variable}_FILE`] : [variable];
  });
  return `Environment (flags win over it):\n${variables.map((variable) => `  ${variable}`).join('\n')}`;
}
