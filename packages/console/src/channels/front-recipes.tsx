import { Tabs } from '@base-ui/react/tabs';
import { type Channel, fillRecipe, recipeExample } from '@keywright/contract';
import { useState } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Section } from '../ui/section.tsx';
import { BuiltInGateway } from './built-in-gateway.tsx';
import { type ChannelPartProps, type Front, fronts } from './channel-page-search.ts';
import { CodeFile } from './code-file.tsx';
import { FrontFields } from './front-fields.tsx';
import { FrontNotes } from './front-notes.tsx';
import {
  type AddressField,
  addressFields,
  type FrontValues,
  isGood,
  knownValues,
  writeCurl,
} from './front-values.ts';
import { recipes } from './recipes.ts';

/** Ready-made configurations of what may stand in front of the API, filled in with the channel's own values. */
export function FrontRecipes({ channel, search, change }: ChannelPartProps) {
  const t = useText();
  const front: Front = search.front ?? 'nginx';
  // What is not typed follows the channel.
  const [typed, setTyped] = useState<Partial<FrontValues>>({});
  const { me } = useProject();
  const values = { ...knownValues(channel, me.gateways), ...typed };
  return (
    <>
      <p className="mb-5 max-w-2xl text-muted">{t('front.text')}</p>
      <Tabs.Root
        value={front}
        onValueChange={(next: Front) => change({ front: next === 'nginx' ? undefined : next }, true)}
      >
        <Tabs.List aria-label={t('front.label')} className="mb-5 flex flex-wrap gap-2">
          {fronts.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              className="rounded-lg border border-line bg-surface px-3 py-1.5 text-[0.8125rem] text-muted hover:text-ink data-active:border-ink data-active:bg-ink data-active:font-medium data-active:text-on-ink"
            >
              {t(`front.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {fronts.map((each) => (
          <Tabs.Panel key={each} value={each}>
            {each === 'built-in' ? (
              <BuiltInGateway channel={channel} onEdit={() => change({ dialog: 'edit' }, true)} />
            ) : (
              <Configuration
                channel={channel}
                front={each}
                values={values}
                onChange={setTyped}
                onEdit={() => change({ dialog: 'edit' }, true)}
              />
            )}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}

interface ConfigurationProps {
  channel: Channel;
  front: Exclude<Front, 'built-in'>;
  values: FrontValues;
  onChange(values: FrontValues): void;
  onEdit(): void;
}

function Configuration({ channel, front, values, onChange, onEdit }: ConfigurationProps) {
  const t = useText();
  const { me } = useProject();
  const known = knownValues(channel, me.gateways);
  const fields = addressFields.filter((field) =>
    recipes[front].some(({ text }) => text.includes(recipeExample[field])),
  );
  /** What is typed, unless it is no address: then what stood there before. */
  const usable = (field: AddressField) =>
    isGood(field, values[field].trim()) ? values[field].trim() : known[field];
  const listen = usable('listen');
  const filled = {
    channel: channel.slug,
    keywright: usable('keywright'),
    upstream: usable('upstream'),
    listen,
    ...(values.hasToken && { token: recipeExample.token }),
  };
  return (
    <>
      <Section title={t('front.values')}>
        <FrontFields fields={fields} values={values} onChange={onChange} />
        <FrontNotes channel={channel} hasUpstream={fields.includes('upstream')} onEdit={onEdit} />
      </Section>
      <Section title={t('front.files', { front: t(`front.${front}`) })} text={t(`front.${front}.hint`)}>
        <div className="flex flex-col gap-4">
          {recipes[front].map(({ name, text }) => (
            <CodeFile key={name} name={name} text={fillRecipe(text, filled)} isFile />
          ))}
          <CodeFile
            name={t('front.try')}
            text={writeCurl(`http://${location.hostname}:${listen}/`, channel.gateway.credentials)}
          />
        </div>
      </Section>
    </>
  );
}
