import type { ChannelGateway } from '@keywright/contract';
import { useId } from 'react';
import { Controller, useFormContext } from 'react-hook-form';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Switch } from '../ui/switch.tsx';
import type { GatewayValues } from './gateway-values.ts';

const preflights: readonly ChannelGateway['preflight'][] = ['check', 'pass'];

/** What a browser gets that asks what another request may do. */
export function PreflightFields() {
  const t = useText();
  const id = useId();
  const { register } = useFormContext<GatewayValues>();
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">{t('gateway.preflight')}</legend>
      {preflights.map((value) => (
        <div key={value} className="flex items-start gap-3">
          <input
            type="radio"
            id={`${id}-${value}`}
            value={value}
            {...register('preflight')}
            aria-describedby={`${id}-${value}-hint`}
            className="mt-0.5 size-4.5 shrink-0 accent-ink"
          />
          <div className="min-w-0">
            <label htmlFor={`${id}-${value}`} className="font-medium">
              {t(`gateway.preflight.${value}`)}
            </label>
            <p id={`${id}-${value}-hint`} className="text-[0.8125rem] text-muted">
              {t(`gateway.preflight.${value}Hint`)}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  );
}

/** Whether a denial says why. */
export function ExplainField() {
  const t = useText();
  const id = useId();
  const { canOperate } = useProject();
  const { control } = useFormContext<GatewayValues>();
  return (
    <Controller
      control={control}
      name="explain"
      render={({ field }) => (
        <div className="flex items-start gap-4">
          <Switch
            id={id}
            label={t('gateway.explain.label')}
            checked={field.value}
            disabled={!canOperate}
            onChange={(isOn) => field.onChange(isOn)}
          />
          <label htmlFor={id} className="min-w-0">
            <span className="font-medium">{t('gateway.explain.label')}</span>
            <span className="block max-w-2xl text-[0.8125rem] text-muted">
              {t(field.value ? 'gateway.explain.on' : 'gateway.explain.off')}
            </span>
          </label>
        </div>
      )}
    />
  );
}
