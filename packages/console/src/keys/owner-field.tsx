import type { CreateKeyBody } from '@keywright/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Field, Input, Select } from '../ui/field.tsx';

export type OwnerChoice = Pick<CreateKeyBody, 'ownerId'>;

/** The first hundred members: to name owners by, and to choose among. */
export function memberNamesQuery(projectId: string) {
  return queryOptions({
    queryKey: ['projects', projectId, 'members', 'names'],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/members', { params: { projectId }, query: { limit: 100 }, signal }),
    staleTime: 60_000,
  });
}

interface OwnerFieldProps {
  value: OwnerChoice;
  onChange(owner: OwnerChoice): void;
  fault: string | undefined;
}

/** Whom the key is for: a member, somebody whom the provider knows by an id of its own, or nobody. */
export function OwnerField({ value, onChange, fault }: OwnerFieldProps) {
  const t = useText();
  const { me, project } = useProject();
  const { data } = useQuery(memberNamesQuery(project.id));
  const [isExternal, setExternal] = useState(false);
  const members = data?.items ?? [];
  const choose = (choice: string) => {
    setExternal(choice === 'external');
    onChange(choice.startsWith('acc_') ? { ownerId: choice } : choice === 'external' ? { ownerId: '' } : {});
  };
  return (
    <Field label={t('keys.field.owner')} hint={t('keys.field.ownerHint')} fault={fault}>
      {(control) => (
        <div className="flex flex-wrap gap-2">
          <Select
            {...control}
            className="flex-1 basis-40"
            value={isExternal ? 'external' : (value.ownerId ?? 'nobody')}
            onChange={(event) => choose(event.target.value)}
          >
            {members.map(({ accountId, name }) => (
              <option key={accountId} value={accountId}>
                {accountId === me.id ? t('keys.field.ownerMe', { name }) : name}
              </option>
            ))}
            <option value="external">{t('keys.field.ownerExternal')}</option>
            <option value="nobody">{t('keys.field.ownerNobody')}</option>
          </Select>
          {isExternal && (
            <Input
              aria-label={t('keys.field.ownerId')}
              placeholder="customer-42"
              className="flex-1 basis-40"
              value={value.ownerId ?? ''}
              onChange={(event) => onChange({ ownerId: event.target.value })}
            />
          )}
        </div>
      )}
    </Field>
  );
}
