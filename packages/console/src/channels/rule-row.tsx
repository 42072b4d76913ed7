import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/class-names.ts';
import { Input } from '../ui/field.tsx';
import type { GatewayValues } from './gateway-values.ts';

interface RuleRowProps {
  place: number;
  /** How many there are. */
  count: number;
  /** Of the list of methods that are offered. */
  methodsId: string;
  onMove(to: number): void;
  onRemove(): void;
}

/** One rule, with its place in the list. */
export function RuleRow({ place, count, methodsId, onMove, onRemove }: RuleRowProps) {
  const t = useText();
  const { register } = useFormContext<GatewayValues>();
  const number = place + 1;
  return (
    <li
      data-testid="rule"
      className="grid min-w-0 grid-cols-[5.5rem_minmax(0,1fr)] items-start gap-x-2 gap-y-2 rounded-xl border border-line p-3 md:grid-cols-[1.5rem_6rem_minmax(0,1fr)_minmax(0,1fr)_auto] md:border-0 md:p-0"
    >
      <span
        aria-hidden
        className={cn('hidden text-right text-muted tabular-nums md:block', place > 0 ? 'pt-2' : 'pt-8')}
      >
        {number}
      </span>
      <Cell place={place} name="method" label={t('gateway.rule.method')}>
        {(control) => (
          <Input
            {...control}
            {...register(`rules.${place}.method`, {
              setValueAs: (typed: string) => typed.toUpperCase(),
            })}
            list={methodsId}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            className="px-2.5! font-mono text-[0.8125rem] uppercase"
          />
        )}
      </Cell>
      <Cell place={place} name="path" label={t('gateway.rule.path')}>
        {(control) => (
          <Input
            {...control}
            {...register(`rules.${place}.path`)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="/orders/*"
            className="font-mono text-[0.8125rem]"
          />
        )}
      </Cell>
      <Cell place={place} name="scopes" label={t('gateway.rule.scopes')} className="max-md:col-span-2">
        {(control) => (
          <Input
            {...control}
            {...register(`rules.${place}.scopes`)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder={t('gateway.rule.anyKey')}
            className="font-mono text-[0.8125rem]"
          />
        )}
      </Cell>
      <div className={cn('flex justify-end max-md:col-span-2', place > 0 ? 'md:pt-0.5' : 'md:pt-6.5')}>
        <Button
          look="ghost"
          size="icon"
          data-control="moveUp"
          aria-label={t('gateway.rule.moveUp', { number })}
          disabled={place === 0}
          onClick={() => onMove(place - 1)}
        >
          <ArrowUp aria-hidden />
        </Button>
        <Button
          look="ghost"
          size="icon"
          data-control="moveDown"
          aria-label={t('gateway.rule.moveDown', { number })}
          disabled={number === count}
          onClick={() => onMove(place + 1)}
        >
          <ArrowDown aria-hidden />
        </Button>
        <Button
          look="ghost"
          size="icon"
          data-control="remove"
          aria-label={t('gateway.rule.remove', { number })}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  );
}

interface CellProps {
  place: number;
  name: 'method' | 'path' | 'scopes';
  label: string;
  className?: string;
  children(control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
  }): ReactNode;
}

function Cell({ place, name, label, className, children }: CellProps) {
  const t = useText();
  const id = useId();
  const { formState } = useFormContext<GatewayValues>();
  const fault = formState.errors.rules?.[place]?.[name]?.message;
  return (
    <div className={cn('min-w-0', className)}>
      <label
        htmlFor={id}
        // Wide, the labels of the first rule stand over all of them.
        className={cn('mb-1 block text-[0.8125rem] text-muted', place > 0 && 'md:sr-only')}
      >
        <span className="sr-only">{t('gateway.rule.named', { number: place + 1 })}</span> {label}
      </label>
      {children({
        id,
        'aria-describedby': fault ? `${id}-fault` : undefined,
        'aria-invalid': fault !== undefined || undefined,
      })}
      {fault && (
        <p id={`${id}-fault`} role="alert" className="mt-1 text-[0.8125rem] text-bad">
          {fault}
        </p>
      )}
    </div>
  );
}
