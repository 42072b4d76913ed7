import type { Security } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { securityQuery } from './account-queries.ts';
import type { AccountSearch } from './account-search.ts';
import { Card, CardFailure, CardSkeleton, Section } from './section.tsx';

export interface Opens {
  onOpen(search: AccountSearch): void;
}

/** So few that somebody could soon be without. */
const few = 3;

export function SecondFactorSection({ onOpen }: Opens) {
  const t = useText();
  const { data: security, error, refetch } = useQuery(securityQuery);
  return (
    <Section title={t('factor.title')} text={t('factor.text')}>
      {security ? (
        <Card>
          <State {...security.twoFactor} onOpen={onOpen} />
        </Card>
      ) : error ? (
        <CardFailure error={error} onRetry={() => void refetch()} />
      ) : (
        <CardSkeleton />
      )}
    </Section>
  );
}

function State({ isOn, backupCodesLeft, onOpen }: Security['twoFactor'] & Opens) {
  const t = useText();
  if (!isOn) {
    return (
      <>
        <p className="flex items-center gap-2 font-medium">
          <ShieldOff className="size-4 text-idle" aria-hidden />
          {t('factor.off')}
        </p>
        <p className="mt-1 text-muted">{t('factor.offText')}</p>
        <Button look="primary" className="mt-4" onClick={() => onOpen({ dialog: 'two-factor' })}>
          {t('factor.turnOn')}
        </Button>
      </>
    );
  }
  return (
    <>
      <p className="flex items-center gap-2 font-medium text-good">
        <ShieldCheck className="size-4" aria-hidden />
        {t('factor.on')}
      </p>
      <p className={`mt-1 ${backupCodesLeft < few ? 'text-warn' : 'text-muted'}`}>
        {t('factor.codesLeft', { count: backupCodesLeft })}
        {backupCodesLeft < few && ` ${t('factor.fewCodes')}`}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button onClick={() => onOpen({ dialog: 'backup-codes' })}>{t('backup.renew')}</Button>
        <Button onClick={() => onOpen({ dialog: 'two-factor-off' })}>{t('factor.turnOff')}</Button>
      </div>
    </>
  );
}
