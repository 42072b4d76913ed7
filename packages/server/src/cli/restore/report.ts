import type { Loss } from '../../ledger/losses.ts';
import { confirm } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import { formatJson } from '../output/json.ts';
import { type Column, formatTable } from '../output/table.ts';
import { describeTerminal } from '../output/terminal.ts';
import { complain, say } from '../say.ts';
import type { Assessment } from './assess.ts';
import type { Reapplied } from './reapply.ts';

interface ReportFlags {
  reapply?: boolean;
  yes?: boolean;
  force?: boolean;
  json?: boolean;
}

/**
 * Says what an older database brings back, and asks whether it shall.
 * @param question what to ask when it brings back nothing; null: then there is nothing to ask about
 * @throws for the ledger of another instance, DeclinedError, UsageError when there is nobody to ask
 */
export async function weigh(
  context: CliContext,
  { losses, missing, foreign, doubts }: Assessment,
  { reapply = false, yes = false, force = false, json, question }: ReportFlags & { question: string | null },
): Promise<void> {
  for (const doubt of doubts) complain(context, doubt);
  if (foreign.length > 0 && !force) throw new Error(`${foreign.join(' and ')} ${otherInstance}`);
  if (!json) {
    if (missing > 0) say(context.stdout, describeMissing(missing, losses.length));
    if (losses.length > 0) context.stdout.write(`${formatLosses(context, losses)}\n`);
  }
  const asked = losses.length === 0 ? question : reapply ? remake : 'Go on all the same?';
  if (asked === null) return;
  try {
    await confirm(context, asked, yes);
  } catch (error) {
    if (json) say(context.stdout, formatJson({ done: false, missing, losses: losses.map(toJson) }));
    throw error;
  }
}

const remake = 'Go on, and make these changes again?';
const otherInstance =
  'has no row in common with it: it is of another instance, or this one was set up anew. Add --force if it is meant.';

function describeMissing(missing: number, losses: number): string {
  const changes = missing === 1 ? 'One change was' : `${missing} changes were`;
  if (losses === 0) return `${changes} made since; none of what they took away would be back.`;
  return `${changes} made since. What these took away would be back:`;
}

interface Outcome {
  head: string;
  /** Null when there was no database. */
  former?: string | null;
  missing: number;
  losses: readonly Loss[];
  /** Null when nothing was to be made again. */
  reapplied: readonly Reapplied[] | null;
}

/** Says how it ended. */
export function reportOutcome(context: CliContext, outcome: Outcome, { json }: ReportFlags): void {
  const { head, former, missing, losses, reapplied } = outcome;
  const open = (reapplied ?? []).flatMap(({ loss, failure }) => {
    const reason = [failure, loss.rest].filter((part) => part !== null).join(' ');
    return reason === '' ? [] : [{ loss, reason }];
  });
  if (json) {
    const notReapplied = open.map(({ loss, reason }) => ({
      seq: loss.row.seq,
      subject: loss.row.subject,
      reason,
    }));
    const result = {
      done: true,
      head,
      ...(former !== undefined && { former }),
      missing,
      losses: losses.map(toJson),
    };
    say(context.stdout, formatJson({ ...result, ...(reapplied && { notReapplied }) }));
    return;
  }
  if (former !== undefined)
    say(context.stdout, former === null ? 'Restored.' : `Restored. The former database is ${former}.`);
  say(context.stdout, `Head: ${head}`);
  if (reapplied === null) return;
  say(context.stdout, `Made again: ${reapplied.length - open.length} of ${reapplied.length}.`);
  for (const { loss, reason } of open)
    complain(context, `${describeSubject(loss)} was ${loss.what}. ${reason}`);
}

/** A loss as JSON tells it. */
function toJson({ row, what, rest }: Loss): object {
  const { seq, at, actor, action, projectId, subject } = row;
  return { seq, at, actor, action, projectId, subject, what, rest };
}

function formatLosses(context: CliContext, losses: readonly Loss[]): string {
  return formatTable(losses, columns, describeTerminal(context));
}

const columns: Column<Loss>[] = [
  { header: 'TIME (UTC)', text: ({ row }) => row.at.slice(0, 19).replace('T', ' ') },
  { header: 'WHAT', text: describeSubject, mayShrink: true },
  { header: 'WAS', text: ({ what }) => what, colour: () => 'red' },
  { header: 'BY', text: ({ row: { actor } }) => actor.name ?? actor.id, mayShrink: true },
];

/** `key key_… (Production)` */
function describeSubject({ row: { subject } }: Loss): string {
  const name = subject.name === null ? '' : ` (${subject.name})`;
  return `${subject.type.replace('_', ' ')} ${subject.id}${name}`;
}
