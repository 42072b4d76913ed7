import type { Member } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Field, Select } from '../ui/field.tsx';
import { allMembersQuery } from './member-queries.ts';

interface KeysFateProps {
  /** Whose keys they are. */
  member: Member;
  /** Who gets them; null: they are revoked; an empty text: it is still to be chosen. */
  transferTo: string | null;
  onChange(transferTo: string | null): void;
}

/** What becomes of the keys of somebody who goes: revoked, or handed to another member. */
export function KeysFate({ member, transferTo, onChange }: KeysFateProps) {
  const t = useText();
  const name = useId();
  const { me, project, canOperate } = useProject();
  const count = member.keyCount ?? 0;
  const { data } = useQuery({ ...allMembersQuery(project.id), enabled: canOperate && count > 0 });
  const heirs = data?.filter(({ accountId }) => accountId !== member.accountId) ?? [];
  const isAlone = data !== undefined && heirs.length === 0;
  if (count === 0) return <p className="rounded-xl bg-sunken px-3.5 py-3">{t('members.noKeys')}</p>;
  if (!canOperate) {
    return <p className="rounded-xl bg-warn-soft px-3.5 py-3 text-warn">{t('members.keysEnd', { count })}</p>;
  }
  const option = 'flex cursor-pointer items-start gap-2.5';
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-2 font-medium">{t('members.keysFate', { count })}</legend>
      <label className={option}>
        <input
          type="radio"
          name={name}
          checked={transferTo === null}
          onChange={() => onChange(null)}
          className="mt-0.5 size-4 shrink-0 accent-ink"
        />
        <span>
          {t('members.revokeKeys')}
          <span className="block text-[0.8125rem] text-muted">{t('members.revokeKeysText', { count })}</span>
        </span>
      </label>
      <label className={option}>
        <input
          type="radio"
          name={name}
          checked={transferTo !== null}
          disabled={isAlone}
          onChange={() => onChange('')}
          className="mt-0.5 size-4 shrink-0 accent-ink"
        />
        <span>
          {t('members.handOver')}
          <span className="block text-[0.8125rem] text-muted">
            {isAlone ? t('members.nobodyElse') : t('members.handOverText', { count })}
          </span>
        </span>
      </label>
      {transferTo !== null && (
        <Field label={t('members.heir', { count })} className="pl-6.5">
          {(control) => (
            <Select {...control} value={transferTo} onChange={({ target }) => onChange(target.value)}>
              <option value="">{t(data === undefined ? 'loading' : 'members.heirNone')}</option>
              {heirs.map(({ accountId, name: heir, email }) => (
                <option key={accountId} value={accountId}>
                  {accountId === me.id ? t('keys.field.ownerMe', { name: heir }) : `${heir} – ${email}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </fieldset>
  );
}
