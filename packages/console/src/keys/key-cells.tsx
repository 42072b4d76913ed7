import type { Key } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime, formatRelative } from '../text/times.ts';
import { cn } from '../ui/class-names.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { keyDisplay, useKeyTitle } from './key-title.ts';

export function NameCell({ k, withDescription }: { k: Key; withDescription: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <KeyLink k={k} title={k.name} className="min-w-0 truncate font-medium">
        {k.name}
      </KeyLink>
      {withDescription && k.description && <DescriptionIcon text={k.description} />}
    </span>
  );
}

interface KeyLinkProps {
  k: Key;
  title?: string;
  className?: string;
  children: ReactNode;
}

function KeyLink({ k, className, ...rest }: KeyLinkProps) {
  return (
    <Link
      {...rest}
      to="/apikeys/$keyId"
      params={{ keyId: k.id }}
      search={{ project: k.projectId }}
      className={cn('underline-offset-4 hover:underline', className)}
    />
  );
}

/** The key as it may be shown. A pair's public id is no secret: it is there in full, on two lines if need be, to copy. */
export function DisplayCell({ k, isLink }: { k: Key; isLink: boolean }) {
  const t = useText();
  const titleOf = useKeyTitle();
  const code = (
    <code
      className={cn(
        'font-mono text-[0.8125rem]',
        k.publicId === null ? 'whitespace-nowrap' : 'break-all md:min-w-30',
      )}
    >
      {keyDisplay(k)}
    </code>
  );
  return (
    <span className="inline-flex items-center gap-1">
      {isLink ? <KeyLink k={k}>{code}</KeyLink> : code}
      {k.publicId && <CopyButton text={k.publicId} label={t('keys.copyPublicId', { name: titleOf(k) })} />}
    </span>
  );
}

/** The beginning of the description, and the whole of it behind the icon. */
export function DescriptionCell({ k }: { k: Key }) {
  const t = useText();
  const text = k.description ?? k.name;
  return (
    <span className="flex items-center gap-1.5">
      {/* On the card of a phone there is room below. */}
      <span className="min-w-0 truncate max-md:line-clamp-3 max-md:break-words max-md:whitespace-normal">
        {text}
      </span>
      <DescriptionIcon text={t('keys.descriptionDetail', { text, at: formatDateTime(k.createdAt) })} />
    </span>
  );
}

function DescriptionIcon({ text }: { text: string }) {
  const t = useText();
  return (
    <Tooltip text={text}>
      <button
        type="button"
        aria-label={t('keys.description')}
        className="shrink-0 rounded text-muted hover:text-ink"
      >
        <Info className="size-4" aria-hidden />
      </button>
    </Tooltip>
  );
}

export function OwnerCell({ ownerName }: { ownerName: string | null }) {
  if (ownerName === null) return <span className="text-muted">–</span>;
  return (
    <span title={ownerName} className="block truncate">
      {ownerName}
    </span>
  );
}

/** "3 minutes ago", and the very time when the pointer or the focus is on it. */
export function RelativeTime({ time, never }: { time: string | null; never: string }) {
  if (time === null) return <span className="text-muted">{never}</span>;
  return (
    <Tooltip text={formatDateTime(time)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be within reach of the keyboard */}
      <time dateTime={time} tabIndex={0} className="rounded whitespace-nowrap">
        {formatRelative(time)}
      </time>
    </Tooltip>
  );
}

export function CreatedCell({ k }: { k: Key }) {
  return (
    <time dateTime={k.createdAt} title={formatDateTime(k.createdAt)} className="whitespace-nowrap">
      {formatDate(k.createdAt)}
    </time>
  );
}

const weekMs = 7 * 86_400_000;

/** A date, or "Never"; amber in the last week before it. */
export function ExpiresCell({ k }: { k: Key }) {
  const t = useText();
  if (k.expiresAt === null) return <span className="text-muted">{t('keys.never')}</span>;
  const leftMs = Date.parse(k.expiresAt) - Date.now();
  const isSoon = k.status !== 'revoked' && leftMs < weekMs;
  return (
    <Tooltip text={formatDateTime(k.expiresAt)}>
      <time
        dateTime={k.expiresAt}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be within reach of the keyboard
        tabIndex={0}
        className={cn('rounded whitespace-nowrap', isSoon && 'font-medium text-warn')}
      >
        {formatDate(k.expiresAt)}
        {isSoon && leftMs > 0 && <span className="sr-only"> {t('keys.expiresSoon')}</span>}
      </time>
    </Tooltip>
  );
}
