import { queryOptions, useQuery } from '@tanstack/react-query';
import { Controller, useFormContext } from 'react-hook-form';
import { api } from '../api/api.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import type { NewKeyValues } from './new-key-values.ts';

/** The first hundred members: to name owners by, and to choose among. */
export function memberNamesQuery(projectId: string) {
  return queryOptions({
    queryKey: ['projects', projectId, 'members', 'names'],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/members', { params: { projectId }, query: { limit: 100 }, signal }),
    staleTime: 60_000,
  });
}

/** Whom the key is for: a member, somebody whom the provider knows by an id of its own, or nobody. */
export function OwnerField() {
  const t = useText();
  const { me, project } = useProject();
  const { data } = useQuery(memberNamesQuery(project.id));
  const { control: form, register, watch, formState } = useFormContext<NewKeyValues>();
  const { errors } = formState;
  const isExternal = watch('owner') === 'external';
  return (
    <Field
      label={t('keys.field.owner')}
      hint={t('keys.field.ownerHint')}
      fault={errors.ownerId?.message ?? errors.root?.ownerId?.message}
    >
      {(control) => (
        <div className="flex flex-wrap gap-2">
          {/* By its state: the members may come later than the choice among them. */}
          <Controller
            control={form}
            name="owner"
            render={({ field }) => (
              <Select
                {...control}
                {...field}
                // What can be wrong is the id beside it, where there is one.
                aria-invalid={!isExternal && control['aria-invalid']}
                className="flex-1 basis-40"
              >
                {data?.items.map(({ accountId, name }) => (
                  <option key={accountId} value={accountId}>
                    {accountId === me.id ? t('keys.field.ownerMe', { name }) : name}
                  </option>
                ))}
                <option value="external">{t('keys.field.ownerExternal')}</option>
                <option value="nobody">{t('keys.field.ownerNobody')}</option>
              </Select>
            )}
          />
          {isExternal && (
            <Input
              aria-label={t('keys.field.ownerId')}
              aria-describedby={control['aria-describedby']}
              aria-invalid={control['aria-invalid']}
              placeholder="customer-42"
              className="flex-1 basis-40"
              {...register('ownerId', {
                validate: (id, { owner }) =>
                  owner !== 'external' || id !== '' || t('keys.field.ownerIdMissing'),
              })}
            />
          )}
        </div>
      )}
    </Field>
  );
}
