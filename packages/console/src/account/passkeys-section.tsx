import type { Security } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Info, KeyRound, Plus } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { securityQuery } from './account-queries.ts';
import type { Opens } from './second-factor-section.tsx';
import { Card, CardFailure, CardSkeleton, Section } from './section.tsx';

export function PasskeysSection({ onOpen }: Opens) {
  const t = useText();
  const { data: security, error, refetch } = useQuery(securityQuery);
  return (
    <Section title={t('passkeys.title')} text={t('passkeys.text')}>
      {security ? (
        <Card>
          <PasskeyList security={security} onOpen={onOpen} />
        </Card>
      ) : error ? (
        <CardFailure error={error} onRetry={() => void refetch()} />
      ) : (
        <CardSkeleton />
      )}
    </Section>
  );
}

function PasskeyList({ security, onOpen }: Opens & { security: Security }) {
  const t = useText();
  const { passkeys, passkeysAvailable, passkeysUnavailableReason } = security;
  const reason = passkeysAvailable
    ? 'PublicKeyCredential' in window
      ? null
      : t('passkeys.noBrowser')
    : passkeysUnavailableReason;
  return (
    <>
      {passkeys.length === 0 && <p className="text-muted">{t('passkeys.none')}</p>}
      <ul className="divide-y divide-line">
        {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
            <KeyRound className="size-4 shrink-0 text-muted" aria-hidden />
            <div className="min-w-0 flex-1 basis-40">
              <p className="font-medium break-words">{name}</p>
              <p className="text-[0.8125rem] text-muted">
                {t('passkeys.added', { date: formatDate(createdAt) })}
                {' · '}
                {lastUsedAt ? (
                  <span title={formatDateTime(lastUsedAt)}>
                    {t('passkeys.used', { when: formatRelative(lastUsedAt) })}
                  </span>
                ) : (
                  t('passkeys.unused')
                )}
              </p>
            </div>
            <div className="flex gap-2">
              <Button
                size="small"
                aria-label={t('passkeys.renameNamed', { name })}
                onClick={() => onOpen({ dialog: 'rename-passkey', passkey: id })}
              >
                {t('keys.rename')}
              </Button>
              <Button
                size="small"
                aria-label={t('passkeys.deleteNamed', { name })}
                onClick={() => onOpen({ dialog: 'delete-passkey', passkey: id })}
              >
                {t('keys.delete')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {reason === null ? (
        <Button className="mt-3" onClick={() => onOpen({ dialog: 'add-passkey' })}>
          <Plus aria-hidden />
          {t('passkeys.add')}
        </Button>
      ) : (
        <p className="mt-3 flex gap-2.5 rounded-xl bg-sunken px-3.5 py-3">
          <Info className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
          <span className="min-w-0 break-words">{reason}</span>
        </p>
      )}
    </>
  );
}
