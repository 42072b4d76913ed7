import { Plus, Trash2 } from 'lucide-react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { KeyValues } from './key-values.ts';

const most = 5;

/** How many requests it lets through in how many seconds; up to five such limits hold together. */
export function RateLimitFields() {
  const t = useText();
  const { control, register, formState } = useFormContext<KeyValues>();
  const { fields, append, remove } = useFieldArray({ control, name: 'rateLimits' });
  const faults = formState.errors.rateLimits;
  const whole = faults?.message ?? faults?.root?.message;
  return (
    <section aria-labelledby="rate-limits" className="min-w-0">
      <h3 id="rate-limits" className="font-medium">
        {t('keySettings.rateLimits')}
      </h3>
      <p className="mt-0.5 text-[0.8125rem] text-muted">{t('keySettings.rateLimitsHint')}</p>
      {fields.map(({ id }, place) => (
        <div
          key={id}
          data-testid="rate-limit"
          className="mt-3 grid grid-cols-2 items-start gap-2 sm:grid-cols-[1fr_1fr_1fr_auto]"
        >
          <Field
            label={t('keySettings.limitName')}
            fault={faults?.[place]?.name?.message}
            className="min-w-0 max-sm:col-span-2"
          >
            {(props) => (
              <Input
                {...props}
                {...register(`rateLimits.${place}.name`)}
                placeholder="burst"
                autoComplete="off"
              />
            )}
          </Field>
          <Field
            label={t('keySettings.limitCount')}
            fault={faults?.[place]?.limit?.message}
            className="min-w-0"
          >
            {(props) => (
              <Input
                {...props}
                {...register(`rateLimits.${place}.limit`)}
                inputMode="numeric"
                placeholder="100"
              />
            )}
          </Field>
          <Field
            label={t('keySettings.limitWindow')}
            fault={faults?.[place]?.windowSeconds?.message}
            className="min-w-0"
          >
            {(props) => (
              <Input
                {...props}
                {...register(`rateLimits.${place}.windowSeconds`)}
                inputMode="numeric"
                placeholder="60"
              />
            )}
          </Field>
          <Button
            look="ghost"
            size="icon"
            className="sm:mt-7"
            aria-label={t('keySettings.removeLimit', { number: place + 1 })}
            onClick={() => remove(place)}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
      ))}
      {whole && (
        <p role="alert" className="mt-2 text-[0.8125rem] text-bad">
          {whole}
        </p>
      )}
      <Button
        size="small"
        className="mt-3"
        disabled={fields.length >= most}
        onClick={() => append({ name: '', limit: '', windowSeconds: '' })}
      >
        <Plus aria-hidden />
        {t('keySettings.addLimit')}
      </Button>
    </section>
  );
}
