import type { Channel } from '@keywright/contract';
import { useEffect, useState } from 'react';
import { FormProvider, type Path, useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { queryClient } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { resetTo, resetToSaved } from '../ui/reset-form.ts';
import { Section } from '../ui/section.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { channelQuery } from './channel-queries.ts';
import { CredentialFields } from './credential-fields.tsx';
import { ExplainField, PreflightFields } from './gateway-fields.tsx';
import { type GatewayValues, gatewayValues, readGatewayPatch, toFault } from './gateway-values.ts';
import { RuleFields } from './rule-fields.tsx';
import { TryRules } from './try-rules.tsx';

/** What gateways in front of the API let through, in a form that sends only what was changed. */
export function GatewaySettings({ channel }: { channel: Channel }) {
  const t = useText();
  const { project, canOperate } = useProject();
  /** What the form was filled from: what is saved is the difference to it. */
  const [base, setBase] = useState(channel.gateway);
  const form = useForm<GatewayValues>({ defaultValues: gatewayValues(base) });
  const { isDirty, isSubmitting, errors } = form.formState;
  useEffect(() => {
    // What changed elsewhere is taken over, but never over what was typed: rules are one list, and not mixed.
    if (isDirty) return;
    setBase(channel.gateway);
    resetTo(form, gatewayValues(channel.gateway));
  }, [form, channel.gateway, isDirty]);

  const showFaults = (faults: readonly { field: string; message: string }[]) => {
    for (const [place, { field, message }] of faults.entries()) {
      form.setError(field as Path<GatewayValues>, { message }, { shouldFocus: place === 0 });
    }
  };
  const save = form.handleSubmit(async (values) => {
    const read = readGatewayPatch(t, base, values);
    if ('faults' in read) return showFaults(read.faults);
    try {
      const { channel: saved } = await api('PATCH /v1/channels/{channelId}', {
        params: { channelId: channel.id },
        body: { gateway: read.patch },
      });
      setBase(saved.gateway);
      resetToSaved(form, values, gatewayValues(saved.gateway));
      queryClient.setQueryData(channelQuery(channel.projectId, channel.id).queryKey, saved);
      notifySuccess(t('gateway.saved', { name: channel.name }));
      void queryClient.invalidateQueries({ queryKey: ['projects', channel.projectId, 'channels'] });
    } catch (error) {
      const known = error instanceof ApiError ? error.errors : [];
      showFaults(
        known
          .map(({ path, message }) => ({ path: path.split('.'), message }))
          .filter(({ path }) => path[0] === 'gateway' && path.length > 1)
          .map(({ path, message }) => toFault(t, path.slice(1), message)),
      );
      notifyFailure(t('gateway.notSaved', { name: channel.name }), error);
    }
  });

  return (
    <FormProvider {...form}>
      <form onSubmit={save} noValidate aria-label={t('channelPage.tab.gateway')}>
        <p className="mb-5 max-w-2xl text-muted">{t('gateway.text')}</p>
        {!canOperate && <p className="mb-5 rounded-xl bg-sunken px-4 py-3">{t('gateway.forOperators')}</p>}
        <fieldset disabled={!canOperate} className="min-w-0">
          <Section title={t('gateway.credentials')} text={t('gateway.credentials.text')}>
            <CredentialFields prefix={channel.policy.prefix ?? project.policy.prefix} />
          </Section>
          <Section title={t('gateway.rules')} text={t('gateway.rules.text')}>
            <RuleFields />
          </Section>
        </fieldset>
        <Section title={t('gateway.try')} text={t('gateway.try.text')}>
          <TryRules />
        </Section>
        <fieldset disabled={!canOperate} className="min-w-0">
          <Section title={t('gateway.preflight')} text={t('gateway.preflight.text')}>
            <PreflightFields />
          </Section>
          <Section title={t('gateway.explain')}>
            <ExplainField />
          </Section>
        </fieldset>
        {canOperate && (
          // At the left, where no notification ever stands in front of it.
          <footer className="sticky bottom-0 flex flex-wrap items-center gap-2 rounded-2xl border border-line bg-surface px-4 py-3 sm:px-6">
            <Button type="submit" look="primary" isBlocked={!isDirty} isBusy={isSubmitting}>
              {t('gateway.save')}
            </Button>
            {isDirty && (
              <Button look="ghost" onClick={() => resetTo(form, gatewayValues(base))}>
                {t('keySettings.discard')}
              </Button>
            )}
            {Object.keys(errors).length > 0 && (
              <p role="alert" className="text-[0.8125rem] text-bad">
                {t('keySettings.faults')}
              </p>
            )}
          </footer>
        )}
        <UnsavedGuard isDirty={isDirty} isSaving={isSubmitting} isKeptInTabs />
      </form>
    </FormProvider>
  );
}
