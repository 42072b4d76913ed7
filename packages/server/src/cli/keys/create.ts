import { maxPageLimit, type QuotaInput, type RateLimit } from '@keywright/contract';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Flags } from '../../config.ts';
import { collect } from '../collect.ts';
import type { AnswerOf, Api } from '../connection/api.ts';
import type { CliContext, Finish } from '../context.ts';
import { findProject } from '../find-project.ts';
import { collectRateLimit, parseQuota } from '../limits.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { saySecret } from '../say-secret.ts';
import { parseMoment } from '../times.ts';
import { UsageError } from '../usage-error.ts';
import { describeKey } from './describe.ts';

export function addKeysCreateCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('create')
    .description('make a key and print its secret, this once')
    .option('--project <id>', 'the project that it belongs to; may be left out if there is only one')
    .option('--name <name>', 'its name; left out: "Key 1", "Key 2" … whichever is free')
    .option('--owner <id>', 'whom it is for')
    .option('--channel <id or slug>', 'the one channel that it is good for')
    .option('--description <text>', 'what it is for')
    .option('--scope <scopes>', 'what it may do; several times, or with commas', collect)
    .option('--ip-allow <addresses>', 'from where it may be used: addresses and CIDR blocks', collect)
    .option('--rate-limit <name=count/duration>', 'such as burst=100/1m; several times', collectRateLimit)
    .option('--quota <count/period>', 'such as 100000/month: a day, month or total', parseQuota)
    .option('--metadata <json>', 'an object of your own', parseObject)
    .option('--expires <when>', 'a time, or a duration from now such as 90d', parseMoment);
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: CreateFlags) => finish(await create(context, flags)));
}

const examples = `
Examples:
  $ keywright keys create --name Production --owner customer-42 --scope orders:read,orders:write
  $ keywright keys create --project prj_… --channel payments --expires 90d
  $ keywright keys create --rate-limit burst=10/1s --rate-limit hourly=1000/1h --quota 100000/month
  $ SECRET="$(keywright keys create --owner customer-42 --json | jq -r .secret)"`;

interface CreateFlags extends Flags {
  project?: string;
  name?: string;
  owner?: string;
  channel?: string;
  description?: string;
  scope?: string[];
  ipAllow?: string[];
  rateLimit?: RateLimit[];
  quota?: QuotaInput;
  metadata?: Record<string, unknown>;
  expires?: string;
  json?: boolean;
}

function create(context: CliContext, flags: CreateFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const projectId = await findProject(api, flags.project);
    const { name, owner, channel, description, scope, ipAllow, rateLimit, quota, metadata, expires } = flags;
    const answer = await api.call('createKey', {
      params: { projectId },
      body: {
        ...(name !== undefined && { name }),
        ...(owner !== undefined && { ownerId: owner }),
        ...(channel !== undefined && { channelId: await findChannel(api, projectId, channel) }),
        ...(description !== undefined && { description }),
        ...(scope !== undefined && { scopes: scope }),
        ...(ipAllow !== undefined && { ipAllow }),
        ...(rateLimit !== undefined && { rateLimits: rateLimit }),
        ...(quota !== undefined && { quota }),
        ...(metadata !== undefined && { metadata }),
        ...(expires !== undefined && { expiresAt: expires }),
      },
    });
    await saySecret(context, {
      answer,
      noun: 'key',
      subject: answer.key,
      fields: describeKey(answer.key),
      json: flags.json,
    });
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It must be a JSON object, such as {"plan": "gold"}.');
}

async function findChannel(api: Api, projectId: string, named: string): Promise<string> {
  if (named.startsWith('chn_')) return named;
  let cursor: string | null = null;
  do {
    const { items, page }: AnswerOf<'listChannels'> = await api.call('listChannels', {
      params: { projectId },
      query: { limit: maxPageLimit, ...(cursor !== null && { cursor }) },
    });
    const channel = items.find(({ slug }) => slug === named);
    if (channel !== undefined) return channel.id;
    cursor = page.next;
  } while (cursor !== null);
  throw new UsageError(`There is no channel "${named}" in this project.`);
}
