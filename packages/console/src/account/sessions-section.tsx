import type { ListedSession } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { auth } from '../api/auth.ts';
import { type Translate, useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshAccount, sessionsQuery } from './account-queries.ts';
import { describeBrowser, describeSystem } from './browser-name.ts';
import type { Opens } from './second-factor-section.tsx';
import { Card, CardFailure, CardSkeleton, Section } from './section.tsx';

export function SessionsSection({ onOpen }: Opens) {
  const t = useText();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const list = useRef<HTMLUListElement>(null);
  const items = data?.items.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  return (
    <Section title={t('sessions.title')} text={t('sessions.text')}>
      {items ? (
        <Card>
          <ul ref={list} tabIndex={-1} className="divide-y divide-line outline-none">
            {items.map((session) => (
              <SessionRow key={session.id} session={session} onEnded={() => list.current?.focus()} />
            ))}
          </ul>
          {items.some(({ isCurrent }) => !isCurrent) && (
            <Button className="mt-3" onClick={() => onOpen({ dialog: 'end-sessions' })}>
              {t('sessions.endOthers')}
            </Button>
          )}
        </Card>
      ) : error ? (
        <CardFailure error={error} onRetry={() => void refetch()} />
      ) : (
        <CardSkeleton />
      )}
    </Section>
  );
}

function SessionRow({ session, onEnded }: { session: ListedSession; onEnded(): void }) {
  const t = useText();
  const { id, isCurrent, ipAddress, createdAt } = session;
  const [isBusy, setBusy] = useState(false);
  const name = nameSession(t, session);
  const end = async () => {
    setBusy(true);
    try {
      await auth('POST /revoke-session', { id });
      notifySuccess(t('sessions.ended'));
      refreshAccount();
      // The button goes away with its row.
      onEnded();
    } catch (error) {
      notifyFailure(t('sessions.notEnded'), error);
      setBusy(false);
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-2 font-medium break-words">
          {name}
          {isCurrent && (
            <span className="rounded-full bg-good-soft px-2 py-0.5 text-xs font-medium text-good">
              {t('sessions.current')}
            </span>
          )}
        </p>
        <p className="text-[0.8125rem] break-words text-muted">
          {t('sessions.from', { address: ipAddress ?? t('sessions.unknownAddress') })}
          {' · '}
          <span title={formatDateTime(createdAt)}>
            {t('sessions.started', { when: formatRelative(createdAt) })}
          </span>
        </p>
      </div>
      {!isCurrent && (
        <Button
          size="small"
          isBusy={isBusy}
          aria-label={t('sessions.endNamed', { name, when: formatDateTime(createdAt) })}
          onClick={() => void end()}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}

/** "Firefox on Linux"; what is no browser that we know stands as it said. */
function nameSession(t: Translate, { userAgent }: ListedSession): string {
  if (!userAgent) return t('sessions.unknownBrowser');
  const browser = describeBrowser(userAgent);
  const system = describeSystem(userAgent);
  if (browser && system) return t('sessions.browserOn', { browser, system });
  return browser ?? system ?? userAgent.slice(0, 80);
}
