import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Config, type Flags, readConfig } from '../config.ts';
import { flagOf, settingNames, settings, variableOf } from '../settings.ts';
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
export const storageSettings: readonly (keyof Config)[] = ['dataDir', 'databaseUrl'];

/** Gives a command the flags of these settings, and its help their variables. */
export function addSettingOptions(
  command: Command,
  names: readonly (keyof Config)[] = settingNames,
): Command {
  for (const name of names) {
    const { description, placeholder, shownInitial, onCommandLine, fromFile } = settings[name];
    const flag = flagOf(settings[name]);
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

/** As `readSettings`, with the faults as a value. */
export function tryReadSettings({ env, cwd }: CliContext, flags: Flags): ReturnType<typeof readConfig> {
  return readConfig(env, flags, { cwd, readFile: (path) => readFileSync(path, 'utf8') });
}

function describeVariables(names: readonly (keyof Config)[]): string {
  const variables = names.flatMap((name) => {
    const variable = variableOf(settings[name]);
    return settings[name].fromFile ? [variable, `${variable}_FILE`] : [variable];
  });
  return `Environment (flags win over it):\n${variables.map((variable) => `  ${variable}`).join('\n')}`;
}
