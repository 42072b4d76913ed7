import type { Role } from '@keywright/contract';
import { useId } from 'react';
import { useText } from '../text/text.tsx';

/** From least to most. Written out, so that a page that shows roles needs no schemas. */
const roles: readonly Role[] = ['member', 'operator', 'owner'];

interface RoleOptionsProps {
  value: Role;
  onChange(role: Role): void;
}

/** The roles to choose from, each with what it may do. */
export function RoleOptions({ value, onChange }: RoleOptionsProps) {
  const t = useText();
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{t('members.column.role')}</legend>
      <div className="flex flex-col gap-2">
        {roles.map((role) => (
          <label
            key={role}
            className="flex cursor-pointer gap-3 rounded-lg border border-line px-3 py-2.5 has-checked:border-ink has-checked:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={role}
              checked={role === value}
              onChange={() => onChange(role)}
              aria-labelledby={`${name}-${role}`}
              aria-describedby={`${name}-${role}-may`}
              className="mt-1 size-4 shrink-0 accent-ink outline-none"
            />
            <span>
              <span id={`${name}-${role}`} className="block font-medium">
                {t(`role.${role}`)}
              </span>
              <span id={`${name}-${role}-may`} className="block text-[0.8125rem] text-muted">
                {t(`role.${role}May`)}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
