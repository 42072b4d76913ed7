import type { Refusal } from '@keywright/contract';
import { ChevronRight } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { RefusalExplanation } from './refusal-explanation.tsx';

interface RefusalRowProps {
  refusal: Refusal;
  /** Whose list it is: what all of its rows share is not said in each. */
  of: 'project' | 'key' | 'channel';
}

/** A refusal in a few lines, which unfolds into all that is known of it. */
export function RefusalRow({ refusal, of }: RefusalRowProps) {
  const t = useText();
  const { code, at, key, channel, ip, door, request, requestId } = refusal;
  const places = [of !== 'channel' && channel, t(`refusal.door.${door}`), ip];
  return (
    <li>
      <details className="group" data-request-id={requestId}>
        <summary className="flex cursor-pointer items-start gap-2 px-4 py-2.5 hover:bg-sunken">
          <ChevronRight
            className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
            aria-hidden
          />
          <span className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 sm:grid-cols-[auto_minmax(0,1fr)_auto]">
            <span className="font-medium text-bad">{t(`code.${code}`)}</span>
            <span className="flex min-w-0 flex-wrap items-baseline gap-x-3 max-sm:order-1 max-sm:col-span-2">
              {request && (
                <code className="min-w-0 font-mono text-[0.8125rem] break-all">
                  {request.method} {request.path}
                </code>
              )}
              {of !== 'key' && <span className="min-w-0 break-words">{key?.name ?? t('refusal.noKey')}</span>}
            </span>
            <time
              dateTime={at}
              title={formatDateTime(at)}
              className="text-right text-[0.8125rem] whitespace-nowrap text-muted"
            >
              {formatRelative(at)}
            </time>
            <span className="col-span-full flex min-w-0 flex-wrap gap-x-3 text-[0.8125rem] text-muted max-sm:order-2">
              <span className="min-w-0 break-words">{places.filter(Boolean).join(' · ')}</span>
              <code className="min-w-0 font-mono break-all">{requestId}</code>
            </span>
          </span>
        </summary>
        <div className="px-4 pt-1 pb-4">
          <RefusalExplanation refusal={refusal} />
        </div>
      </details>
    </li>
  );
}
