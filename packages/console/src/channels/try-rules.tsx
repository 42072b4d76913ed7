import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { words } from '../keys/words.ts';
import { type Translate, useText } from '../text/text.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import type { GatewayValues, RuleValues } from './gateway-values.ts';
import { matchRule } from './rule-match.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Which of the rules as they stand in the form a request would meet. */
export function TryRules() {
  const t = useText();
  const { watch } = useFormContext<GatewayValues>();
  const [method, setMethod] = useState('GET');
  const [path, setPath] = useState('');
  const typed = path.trim();
  return (
    <div className="max-w-2xl">
      <div className="grid grid-cols-[7rem_minmax(0,1fr)] items-start gap-2">
        <Field label={t('gateway.rule.method')}>
          {(control) => (
            <Select
              {...control}
              value={method}
              className="font-mono text-[0.8125rem]"
              onChange={({ target }) => setMethod(target.value)}
            >
              {methods.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('gateway.try.path')} className="min-w-0">
          {(control) => (
            <Input
              {...control}
              value={path}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="/orders/17?full=1"
              className="font-mono text-[0.8125rem]"
              onChange={({ target }) => setPath(target.value)}
              // It is no part of what is saved.
              onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            />
          )}
        </Field>
      </div>
      <p role="status" data-testid="tried" className="mt-3 min-h-5">
        {typed !== '' && describe(t, watch('rules'), method, typed)}
      </p>
    </div>
  );
}

function describe(t: Translate, rules: readonly RuleValues[], method: string, typed: string): string {
  const [path = ''] = typed.split('?');
  const match = matchRule(rules, method, path);
  if (match === null) return t('gateway.try.refused');
  if (rules.length === 0) return t('gateway.try.noRules');
  const rule = match.place === null ? undefined : rules[match.place];
  if (match.place === null || !rule) return t('gateway.try.noFit');
  const values = { number: match.place + 1, rule: `${rule.method} ${rule.path}` };
  const needed = words(rule.scopes);
  return needed.length === 0
    ? t('gateway.try.anyKey', values)
    : t('gateway.try.needs', { ...values, scopes: needed.join(', ') });
}
