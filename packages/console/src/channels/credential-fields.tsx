import type { CredentialKind } from '@keywright/contract';
import { useId } from 'react';
import { useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { type GatewayValues, kinds } from './gateway-values.ts';

/** What a request looks like that carries its key so. */
const examples: Readonly<Record<CredentialKind, (prefix: string) => string>> = {
  bearer: (prefix) => `Authorization: Bearer ${prefix}_…`,
  x_api_key: (prefix) => `X-API-Key: ${prefix}_…`,
  pair: (prefix) => `X-Key-Id: ${prefix}_pk_…\nX-Key-Secret: ${prefix}_…`,
  basic: (prefix) => `Authorization: Basic ${btoa(`${prefix}_pk_`).replace(/.?=+$/, '')}…`,
};

/**
 * By which headers a request may bring its key.
 * @param prefix of the keys of the channel
 */
export function CredentialFields({ prefix }: { prefix: string }) {
  const t = useText();
  const id = useId();
  const { register, formState, clearErrors } = useFormContext<GatewayValues>();
  const fault = formState.errors.credentials?.root?.message;
  return (
    <fieldset aria-describedby={fault ? `${id}-fault` : undefined} className="min-w-0">
      <legend className="sr-only">{t('gateway.credentials')}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {kinds.map((kind) => (
          <label
            key={kind}
            className="flex min-w-0 cursor-pointer items-start gap-3 rounded-xl border border-line px-3.5 py-3 has-disabled:cursor-default"
          >
            <input
              type="checkbox"
              {...register(`credentials.${kind}`, { onChange: () => clearErrors('credentials') })}
              aria-describedby={`${id}-${kind}`}
              className="mt-0.5 size-4.5 shrink-0 accent-ink"
            />
            <span className="min-w-0">
              <span className="block font-medium">{t(`gateway.credentials.${kind}`)}</span>
              <code
                id={`${id}-${kind}`}
                className="mt-0.5 block font-mono text-xs break-words whitespace-pre-line text-muted"
              >
                {examples[kind](prefix)}
              </code>
            </span>
          </label>
        ))}
      </div>
      {fault && (
        <p id={`${id}-fault`} role="alert" className="mt-2 text-[0.8125rem] text-bad">
          {fault}
        </p>
      )}
    </fieldset>
  );
}
