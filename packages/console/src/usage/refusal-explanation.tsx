import type { Refusal } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { CopyButton } from '../ui/copy-button.tsx';

/** A refusal in words: what was asked, by which way, why not, and what to do. */
export function RefusalExplanation({ refusal }: { refusal: Refusal }) {
  const t = useText();
  const { project } = useProject();
  const { key, channel, scopes, ip, userAgent, cost, code, door, request, requestId } = refusal;
  const facts: readonly [string, ReactNode][] = [
    [
      t('refusal.key'),
      key ? (
        <Link
          key={key.id}
          to="/apikeys/$keyId"
          params={{ keyId: key.id }}
          search={{ project: project.id }}
          className="font-medium underline underline-offset-4"
        >
          {key.name}
        </Link>
      ) : (
        t('refusal.noKey')
      ),
    ],
    [
      t('refusal.request'),
      request && (
        <code key="request" className="font-mono break-all">
          {request.method} {request.path}
        </code>
      ),
    ],
    [t('refusal.door'), t(`refusal.door.${door}`)],
    [t('refusal.channel'), channel],
    [t('refusal.scopes'), scopes.length > 0 && <code className="font-mono">{scopes.join(' ')}</code>],
    [t('refusal.address'), ip],
    [t('refusal.agent'), userAgent],
    [t('refusal.cost'), cost?.toLocaleString()],
    [t('refusal.at'), formatDateTime(refusal.at)],
  ];
  return (
    <div data-testid="refusal" className="rounded-xl border border-line bg-sunken px-4 py-3">
      <p className="font-semibold text-bad">{t(`code.${code}`)}</p>
      <p className="mt-1 max-w-3xl">{refusal.detail}</p>
      <dl className="mt-3 grid gap-x-6 gap-y-1.5 text-[0.8125rem] sm:grid-cols-2">
        {facts
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label} className="flex min-w-0 gap-2">
              <dt className="w-28 shrink-0 text-muted">{label}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        <div className="flex min-w-0 items-center gap-2 sm:col-span-2">
          <dt className="w-28 shrink-0 text-muted">{t('refusal.requestId')}</dt>
          <dd className="flex min-w-0 items-center gap-1">
            <code className="font-mono break-all">{requestId}</code>
            <CopyButton text={requestId} label={t('refusal.copyRequest')} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
