import type { Key } from '@keywright/contract';
import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshKeys } from './key-queries.ts';
import { useKeyTitle } from './key-title.ts';
import type { KeyValues } from './key-values.ts';

const periods = ['none', 'day', 'month', 'total'] as const;

/** How many requests it may make in a period, and how many of them it made. */
export function QuotaFields({ k, canReset }: { k: Key; canReset: boolean }) {
  const t = useText();
  const { register, watch, formState } = useFormContext<KeyValues>();
  const faults = formState.errors.quota;
  const hasQuota = watch('quota.period') !== 'none';
  return (
    <section aria-labelledby="quota" className="min-w-0">
      <h3 id="quota" className="font-medium">
        {t('keySettings.quota')}
      </h3>
      <p className="mt-0.5 text-[0.8125rem] text-muted">{t('keySettings.quotaHint')}</p>
      <div className="mt-3 grid gap-2 sm:grid-cols-2">
        <Field label={t('keySettings.quotaPeriod')} fault={faults?.period?.message}>
          {(control) => (
            <Select {...control} {...register('quota.period')}>
              {periods.map((period) => (
                <option key={period} value={period}>
                  {t(`keySettings.period.${period}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {hasQuota && (
          <Field label={t('keySettings.quotaLimit')} fault={faults?.limit?.message}>
            {(control) => (
              <Input {...control} {...register('quota.limit')} inputMode="numeric" placeholder="10000" />
            )}
          </Field>
        )}
      </div>
      {k.quota && <QuotaUse k={k} quota={k.quota} canReset={canReset} />}
    </section>
  );
}

interface QuotaUseProps {
  k: Key;
  quota: NonNullable<Key['quota']>;
  canReset: boolean;
}

function QuotaUse({ k, quota, canReset }: QuotaUseProps) {
  const t = useText();
  const titleOf = useKeyTitle();
  const [isBusy, setBusy] = useState(false);
  const reset = async () => {
    setBusy(true);
    try {
      await api('POST /v1/keys/{keyId}/quota/reset', { params: { keyId: k.id } });
      notifySuccess(t('keySettings.quotaWasReset', { name: titleOf(k) }));
      refreshKeys(k.projectId);
    } catch (error) {
      notifyFailure(t('keySettings.quotaNotReset', { name: titleOf(k) }), error);
    } finally {
      setBusy(false);
    }
  };
  const share = Math.min(1, quota.used / quota.limit);
  const text = t('keySettings.quotaUsed', { used: quota.used, limit: quota.limit });
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="text-[0.8125rem] tabular-nums">{text}</p>
        <div
          role="progressbar"
          aria-label={t('keySettings.quota')}
          aria-valuemin={0}
          aria-valuemax={quota.limit}
          aria-valuenow={Math.min(quota.used, quota.limit)}
          aria-valuetext={text}
          className="mt-1 h-2 overflow-hidden rounded-full border border-line-strong bg-sunken"
        >
          <div
            className={share >= 1 ? 'h-full bg-bad-solid' : 'h-full bg-accent'}
            style={{ width: `${share * 100}%` }}
          />
        </div>
      </div>
      <Button size="small" disabled={!canReset || quota.used === 0} isBusy={isBusy} onClick={reset}>
        {t('keySettings.quotaReset')}
      </Button>
    </div>
  );
}
