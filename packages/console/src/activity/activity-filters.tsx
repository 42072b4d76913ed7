import { X } from 'lucide-react';
import { useAddressText } from '../keys/use-address-text.ts';
import { useMembers } from '../members/use-members.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { GrowingSelect } from '../ui/growing-select.tsx';
import type { ActivityPatch, ActivitySearch } from './activity-search.ts';
import { actionsFor, nameOfAction } from './ledger-words.ts';

interface ActivityFiltersProps {
  search: ActivitySearch;
  change(patch: ActivityPatch, isStep?: boolean): void;
}

/** What of the ledger is listed; all of it stands in the address. */
export function ActivityFilters({ search, change }: ActivityFiltersProps) {
  const t = useText();
  const { action, actor, subject, from, to } = search;
  const isFiltered = Boolean(action || actor || subject || from || to);
  const { role } = useProject();
  const offered = actionsFor(role);
  const actions = action && !offered.includes(action) ? [action, ...offered] : offered;
  return (
    <search
      aria-label={t('activity.filters')}
      className="grid gap-3 border-b border-line p-4 min-[26rem]:grid-cols-2 lg:grid-cols-5"
    >
      <Field label={t('activity.action')} className="min-w-0">
        {(control) => (
          <Select
            {...control}
            value={action ?? ''}
            onChange={({ target }) => change({ action: actions.find((each) => each === target.value) }, true)}
          >
            <option value="">{t('activity.anyAction')}</option>
            {actions.map((each) => (
              <option key={each} value={each}>
                {nameOfAction(t, each)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ActorField actor={actor} onChange={(id) => change({ actor: id }, true)} />
      <IdField
        label={t('activity.subject')}
        value={subject}
        onChange={(id) => change({ subject: id }, true)}
      />
      <Field label={t('activity.from')} className="min-w-0">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={from ?? ''}
            max={to}
            onChange={({ target }) => change({ from: target.value || undefined })}
          />
        )}
      </Field>
      <Field label={t('activity.to')} className="min-w-0">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={to ?? ''}
            min={from}
            onChange={({ target }) => change({ to: target.value || undefined })}
          />
        )}
      </Field>
      {isFiltered && (
        <Button
          look="ghost"
          className="justify-self-start min-[26rem]:col-span-full"
          onClick={() =>
            change(
              { action: undefined, actor: undefined, subject: undefined, from: undefined, to: undefined },
              true,
            )
          }
        >
          <X aria-hidden />
          {t('activity.clear')}
        </Button>
      )}
    </search>
  );
}

interface ActorFieldProps {
  actor: string | undefined;
  onChange(id: string | undefined): void;
}

/** Members by name; anybody else, who may be gone by now or a program, by id. */
function ActorField({ actor, onChange }: ActorFieldProps) {
  const t = useText();
  const { me, canOperate } = useProject();
  const list = useMembers({ wanted: [actor ?? null], isEnabled: canOperate });
  const members = canOperate ? (list.data ?? []) : [{ accountId: me.id, name: me.name }];
  const isOther = actor !== undefined && !members.some(({ accountId }) => accountId === actor);
  return (
    <Field label={t('activity.actor')} className="min-w-0">
      {(control) => (
        <GrowingSelect
          {...control}
          list={list}
          value={actor ?? ''}
          onChange={(id) => onChange(id || undefined)}
        >
          <option value="">{t('activity.anybody')}</option>
          {members.map(({ accountId, name }) => (
            <option key={accountId} value={accountId}>
              {accountId === me.id ? t('keys.field.ownerMe', { name }) : name}
            </option>
          ))}
          {isOther && <option value={actor}>{actor}</option>}
        </GrowingSelect>
      )}
    </Field>
  );
}

interface IdFieldProps {
  label: string;
  value: string | undefined;
  onChange(id: string | undefined): void;
}

function IdField({ label, value, onChange }: IdFieldProps) {
  const { text, type, fault } = useAddressText(value ?? '');
  const commit = () => {
    const wanted = text.trim() || undefined;
    if (wanted !== value) onChange(wanted);
  };
  return (
    <Field label={label} fault={fault} className="min-w-0">
      {(control) => (
        <Input
          {...control}
          type="search"
          value={text}
          maxLength={200}
          placeholder="key_…"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => type(target.value)}
          onBlur={commit}
          onKeyDown={({ key }) => key === 'Enter' && commit()}
        />
      )}
    </Field>
  );
}
