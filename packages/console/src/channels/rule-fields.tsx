import { Plus } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { closingRule, type GatewayValues } from './gateway-values.ts';
import { RuleRow } from './rule-row.tsx';

const most = 100;
const methods = ['*', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Which scopes a request needs by its method and path: a list, of which the first that fits decides. */
export function RuleFields() {
  const t = useText();
  const methodsId = useId();
  const list = useRef<HTMLOListElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const { control, watch, formState } = useFormContext<GatewayValues>();
  const { fields, append, remove, move } = useFieldArray({ control, name: 'rules' });
  const [focus, setFocus] = useState<{ place: number; on: string } | null>(null);
  const [said, say] = useState('');
  const last = watch('rules').at(-1);
  const isClosed = last?.method.trim() === '*' && last.path.trim() === '/*';
  const whole = formState.errors.rules?.root?.message ?? formState.errors.rules?.message;

  // A row that moved takes the focus along, which it lost on the way.
  useEffect(() => {
    if (focus === null) return;
    const row = list.current?.children[focus.place];
    const wanted = row?.querySelector<HTMLElement>(`[data-control="${focus.on}"]:not(:disabled)`);
    (wanted ?? row?.querySelector<HTMLElement>('[data-control^="move"]:not(:disabled)'))?.focus();
    if (!row) addButton.current?.focus();
    setFocus(null);
  }, [focus]);

  const moveTo = (from: number, to: number) => {
    move(from, to);
    setFocus({ place: to, on: to < from ? 'moveUp' : 'moveDown' });
    say(t('gateway.rules.moved', { place: to + 1, count: fields.length }));
  };
  const drop = (place: number) => {
    remove(place);
    setFocus({ place: Math.min(place, fields.length - 2), on: 'remove' });
    say(t('gateway.rules.removed', { place: place + 1 }));
  };
  return (
    <div>
      <datalist id={methodsId}>
        {methods.map((method) => (
          <option key={method} value={method} />
        ))}
      </datalist>
      {fields.length === 0 ? (
        <p className="rounded-xl border border-dashed border-line-strong/60 px-4 py-5 text-muted">
          {t('gateway.rules.none')}
        </p>
      ) : (
        <ol ref={list} className="flex flex-col gap-3">
          {fields.map(({ id }, place) => (
            <RuleRow
              key={id}
              place={place}
              count={fields.length}
              methodsId={methodsId}
              onMove={(to) => moveTo(place, to)}
              onRemove={() => drop(place)}
            />
          ))}
        </ol>
      )}
      {fields.length > 0 && !isClosed && (
        <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-xl bg-warn-soft px-4 py-3 text-[0.8125rem] text-warn">
          <p className="min-w-0 flex-1 basis-64">{t('gateway.rules.open')}</p>
          <Button
            size="small"
            disabled={fields.length >= most}
            onClick={() => append({ ...closingRule }, { shouldFocus: false })}
          >
            {t('gateway.rules.close')}
          </Button>
        </div>
      )}
      {whole && (
        <p role="alert" className="mt-2 text-[0.8125rem] text-bad">
          {whole}
        </p>
      )}
      <Button
        ref={addButton}
        size="small"
        className="mt-3"
        disabled={fields.length >= most}
        onClick={() =>
          append({ method: 'GET', path: '/', scopes: '' }, { focusName: `rules.${fields.length}.path` })
        }
      >
        <Plus aria-hidden />
        {t('gateway.rules.add')}
      </Button>
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  );
}
