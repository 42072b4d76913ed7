import type { LedgerRow } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Filter } from 'lucide-react';
import type { ReactNode } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import type { ActivityPatch } from './activity-search.ts';
import { nameOf, remarksOn, sentenceOf } from './ledger-words.ts';

interface LedgerItemProps {
  row: LedgerRow;
  /** Lists only what the same did, or what was done to the same. */
  onFilter?: (patch: ActivityPatch) => void;
}

/** A row of the ledger as a sentence, which unfolds into all that is recorded. */
export function LedgerItem({ row, onFilter }: LedgerItemProps) {
  const t = useText();
  const remarks = remarksOn(t, row);
  return (
    <li data-action={row.action}>
      <details className="group">
        <summary className="flex cursor-pointer items-start gap-2 px-4 py-2.5 hover:bg-sunken">
          <ChevronRight
            className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
            aria-hidden
          />
          <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
            <span className="min-w-0 break-words">
              <Sentence row={row} />
              {remarks.length > 0 && (
                <span className="block text-[0.8125rem] text-muted">{remarks.join(' ')}</span>
              )}
            </span>
            <time
              dateTime={row.at}
              title={formatDateTime(row.at)}
              className="text-[0.8125rem] whitespace-nowrap text-muted"
            >
              {formatRelative(row.at)}
            </time>
          </span>
        </summary>
        <LedgerDetail row={row} onFilter={onFilter} />
      </details>
    </li>
  );
}

/** "Ada revoked Production", with the names set off. */
function Sentence({ row }: { row: LedgerRow }) {
  const t = useText();
  const parts = sentenceOf(t, row).split(/(\{actor\}|\{subject\})/);
  return parts.map((part) => {
    if (part === '{actor}') return <Name key={part} who={row.actor} />;
    if (part === '{subject}') return <Name key={part} who={row.subject} />;
    return part;
  });
}

function Name({ who }: { who: LedgerRow['actor'] | LedgerRow['subject'] }) {
  const t = useText();
  const isErased = who.name === null && who.type !== 'system' && who.type !== 'instance';
  return <span className={isErased ? 'text-muted italic' : 'font-medium'}>{nameOf(t, who)}</span>;
}

interface LedgerDetailProps {
  row: LedgerRow;
  onFilter: LedgerItemProps['onFilter'];
}

function LedgerDetail({ row, onFilter }: LedgerDetailProps) {
  const t = useText();
  const { project } = useProject();
  const { actor, subject, detail } = row;
  const facts: readonly [string, ReactNode][] = [
    [t('ledger.at'), formatDateTime(row.at)],
    [
      t('ledger.actor'),
      <Who key="actor" who={actor}>
        {onFilter && (
          <FilterButton label={t('ledger.onlyActor')} onClick={() => onFilter({ actor: actor.id })} />
        )}
      </Who>,
    ],
    [
      t('ledger.subject'),
      <Who key="subject" who={subject}>
        {onFilter && (
          <FilterButton label={t('ledger.onlySubject')} onClick={() => onFilter({ subject: subject.id })} />
        )}
        {subject.type === 'key' && row.action !== 'key.deleted' && onFilter && (
          <Link
            to="/apikeys/$keyId"
            params={{ keyId: subject.id }}
            search={{ project: project.id }}
            className="underline underline-offset-4"
          >
            {t('ledger.openKey')}
          </Link>
        )}
        {subject.type === 'channel' && row.action !== 'channel.deleted' && onFilter && (
          <Link
            to="/channels/$channelId"
            params={{ channelId: subject.id }}
            search={{ project: project.id }}
            className="underline underline-offset-4"
          >
            {t('ledger.openChannel')}
          </Link>
        )}
      </Who>,
    ],
    [
      t('ledger.actionName'),
      <code key="action" className="font-mono">
        {row.action}
      </code>,
    ],
    [t('ledger.seq'), row.seq.toLocaleString()],
    [
      t('ledger.hash'),
      <span key="hash" className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 font-mono break-all">{row.hash}</code>
        <CopyButton text={row.hash} label={t('ledger.copyHash')} />
      </span>,
    ],
  ];
  return (
    <div className="px-4 pt-2 pb-4 sm:pl-10">
      <dl className="flex flex-col gap-1.5 text-[0.8125rem]">
        {facts.map(([label, value]) => (
          <div key={label} className="flex min-w-0 flex-wrap items-baseline gap-x-3 sm:flex-nowrap">
            <dt className="w-24 shrink-0 text-muted">{label}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(detail).length > 0 && (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
          tabIndex={0}
          className="mt-3 max-h-80 overflow-auto rounded-xl bg-sunken p-3 font-mono text-xs leading-relaxed"
        >
          {JSON.stringify(detail, null, 2)}
        </pre>
      )}
    </div>
  );
}

function Who({ who, children }: { who: LedgerRow['actor'] | LedgerRow['subject']; children: ReactNode }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <Name who={who} />
      <code className="font-mono break-all text-muted">{who.id}</code>
      {children}
    </span>
  );
}

function FilterButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <Button size="small" look="ghost" onClick={onClick}>
      <Filter aria-hidden />
      {label}
    </Button>
  );
}
