import { type Preset, presetPolicies } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { keyViews } from '../keys/presets.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { Section } from '../ui/section.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { changedPolicy, changedWords, columnsOf } from './describe-look.ts';
import { FormButtons } from './form-buttons.tsx';
import { PresetPicker } from './preset-picker.tsx';
import { saveProject } from './save-project.ts';

/** Which look the project has, chosen by pictures; before it is changed, what that changes. */
export function LookForm() {
  const t = useText();
  const { project } = useProject();
  const id = useId();
  /** null: the one that it has. */
  const [picked, setPicked] = useState<Preset | null>(null);
  const chosen = picked ?? project.preset;
  const [takesPolicy, setTakesPolicy] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const isDirty = chosen !== project.preset || takesPolicy;
  const save = async () => {
    setBusy(true);
    try {
      await saveProject(project.id, {
        preset: chosen,
        ...(takesPolicy && { policy: presetPolicies[chosen] }),
      });
      setPicked(null);
      setTakesPolicy(false);
      notifySuccess(t('settings.lookSaved', { name: t(`preset.${chosen}`) }));
    } catch (error) {
      notifyFailure(t('settings.notSaved'), error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section
      title={t('settings.lookTitle')}
      text={t('settings.lookText')}
      actions={
        <Link
          to="/apikeys"
          search={{ project: project.id }}
          className="inline-flex items-center gap-1 rounded font-medium text-accent underline-offset-4 hover:underline"
        >
          {t('settings.openKeys')}
          <ArrowRight className="size-4" aria-hidden />
        </Link>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void save();
        }}
      >
        <PresetPicker label={t('settings.look')} value={chosen} onChange={setPicked} />
        <div className="mt-4 flex items-start gap-3">
          <Checkbox id={id} checked={takesPolicy} onChange={setTakesPolicy} />
          <label htmlFor={id}>
            <span className="font-medium">{t('settings.lookPolicy')}</span>
            <span className="block text-[0.8125rem] text-muted">{t('settings.lookPolicyHint')}</span>
          </label>
        </div>
        {isDirty && <WhatChanges to={chosen} takesPolicy={takesPolicy} />}
        <FormButtons
          save={t('settings.lookSave')}
          isDirty={isDirty}
          isBusy={isBusy}
          onReset={() => {
            setPicked(null);
            setTakesPolicy(false);
          }}
        />
      </form>
      <UnsavedGuard isDirty={isDirty} isSaving={isBusy} />
    </Section>
  );
}

function WhatChanges({ to, takesPolicy }: { to: Preset; takesPolicy: boolean }) {
  const t = useText();
  const { project } = useProject();
  const from = project.preset;
  const words = changedWords(from, to);
  const policy = changedPolicy(project.policy, to, t);
  return (
    <div
      role="status"
      data-testid="look-changes"
      className="mt-4 rounded-xl border border-line bg-sunken px-4 py-3"
    >
      <h3 className="font-medium">{t('settings.lookChanges')}</h3>
      <dl className="mt-2 grid gap-x-6 gap-y-2 text-[0.8125rem] sm:grid-cols-[auto_1fr]">
        {from !== to && <Part title={t('settings.lookColumns')}>{columnsOf(to)}</Part>}
        {from !== to && (
          <Part title={t('settings.lookControls')}>{t(`settings.toggle.${keyViews[to].toggle}`)}</Part>
        )}
        {words.length > 0 && (
          <Part title={t('settings.lookWords')}>
            <ul>
              {words.map((pair) => (
                <li key={pair.from + pair.to}>
                  {t('settings.fromTo', { from: `“${pair.from}”`, to: `“${pair.to}”` })}
                </li>
              ))}
            </ul>
          </Part>
        )}
        {takesPolicy && (
          <Part title={t('settings.lookPolicyChanges')}>
            {policy.length === 0 && t('settings.lookPolicySame')}
            <ul>
              {policy.map((change) => (
                <li key={change.what}>
                  {change.what}: {t('settings.fromTo', { from: change.from, to: change.to })}
                </li>
              ))}
            </ul>
          </Part>
        )}
      </dl>
      {Object.keys(project.wording).length > 0 && (
        <p className="mt-2 text-[0.8125rem] text-muted">{t('settings.lookOwnWords')}</p>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted">{title}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
