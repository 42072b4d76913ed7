import { requestId as requestIdSchema } from '@keywright/contract';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { Config, Flags } from '../config.ts';
import { formatTime } from '../domain/time.ts';
import { StartupError } from '../startup-error.ts';
import { explainRefusal } from '../usage/explain-refusal.ts';
import { viewRefusal } from '../usage/get-refusal.ts';
import { refusalsKeptMs, type StoredRefusal } from '../usage/refusal-store.ts';
import type { CliContext, Finish } from './context.ts';
import { formatJson } from './output/json.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { complain, say, withComplaints } from './say.ts';

/** The command that says why a verification was refused. It changes nothing and works while a server runs. */
export function addExplainCommand(program: Command, context: CliContext, finish: Finish): void {
  const command = program
    .command('explain')
    .description('say why a request was refused in the last 24 hours');
  command.addArgument(new Argument('<requestId>', 'the `requestId` of the answer').argParser(parseRequestId));
  addSettingOptions(command.option('--json', 'print JSON'), storageSettings)
    .addHelpText('after', examples)
    .action(async (requestId: string, flags: Flags) => finish(await explain(context, requestId, flags)));
}

const examples = `
Every answer of a verification has its request id, in the body or as X-Request-Id. The requests of a batch have .0, .1 …
after theirs.

Examples:
  $ keywright explain req_Zk3vPq8sTu2xWb5yCd7f
  $ keywright explain checkout-4711.0 --json`;

/** @returns the exit code: 1 when nothing is known of such a refusal */
function explain(context: CliContext, requestId: string, flags: Flags): Promise<number> {
  return withComplaints(context, 1, async () => {
    const found = await findRefusal(context, readSettings(context, flags), requestId);
    if (found === null) {
      for (const sentence of whyUnknown(requestId)) complain(context, sentence);
      return 1;
    }
    const lines = flags.json === true ? [formatJson(viewRefusal(found))] : describe(found);
    for (const line of lines) say(context.stdout, line);
    return 0;
  });
}

async function findRefusal(
  context: CliContext,
  config: Config,
  requestId: string,
): Promise<StoredRefusal | null> {
  const { openStorageReadOnly, inspectStorage } = await context.loadInstallation();
  const { migrations, databaseTimeMs } = await inspectStorage(config);
  if (migrations === 'behind') {
    throw new StartupError('This database was written by an older Keywright: start this one once.');
  }
  const { stores, close } = await openStorageReadOnly(config);
  try {
    return await stores.refusals.find({ requestId, since: databaseTimeMs - refusalsKeptMs });
  } finally {
    await close();
  }
}

function describe(refusal: StoredRefusal): string[] {
  const { question, door, why, remedy } = explainRefusal(refusal);
  return [
    `On ${formatTime(refusal.at)} the request ${refusal.requestId} asked ${question}.`,
    `It came through ${door}, and was refused as "${refusal.code}".`,
    why,
    remedy,
  ];
}

function whyUnknown(requestId: string): string[] {
  return [
    `No refusal of the request ${requestId} is known.`,
    'It may have been accepted, be longer ago than 24 hours or less than a second, or have another id: see X-Request-Id, and for a batch add the place (.0, .1 …).',
    'When very many requests are refused, the oldest are forgotten sooner.',
  ];
}

function parseRequestId(text: string): string {
  const parsed = requestIdSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message}.`);
}
