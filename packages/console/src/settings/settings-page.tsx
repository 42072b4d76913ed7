import { Tabs } from '@base-ui/react/tabs';
import { Lock } from 'lucide-react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { latePanel } from '../ui/late.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { TabList } from '../ui/tab-list.tsx';
import { ProjectTab } from './project-tab.tsx';
import { type SettingsTab, settingsTabs } from './settings-search.ts';
import { useSettingsSearch } from './use-settings-search.ts';

const PolicyTab = latePanel(async () => (await import('./policy-tab.tsx')).PolicyTab, <TabSkeleton />);
const WordingTab = latePanel(async () => (await import('./wording-tab.tsx')).WordingTab, <TabSkeleton />);
const ServiceKeysTab = latePanel(
  async () => (await import('./service-keys-tab.tsx')).ServiceKeysTab,
  <TabSkeleton />,
);
const InstanceTab = latePanel(async () => (await import('./instance-tab.tsx')).InstanceTab, <TabSkeleton />);

function TabSkeleton() {
  return <Skeleton className="h-72 w-full rounded-2xl" />;
}

const panels: Readonly<Record<SettingsTab, React.ComponentType>> = {
  project: ProjectTab,
  policy: PolicyTab,
  wording: WordingTab,
  'service-keys': ServiceKeysTab,
  instance: InstanceTab,
};

/** All that an owner decides about a project, and an administrator about the instance. */
export function SettingsPage() {
  const t = useText();
  const { project, canOwn } = useProject();
  if (canOwn) return <OwnersSettings />;
  return (
    <EmptyState
      icon={<Lock />}
      title={t('settings.forOwners')}
      text={t('settings.forOwnersText', { project: project.name })}
    />
  );
}

function OwnersSettings() {
  const t = useText();
  const { project, me } = useProject();
  const { search, change } = useSettingsSearch();
  const tabs = settingsTabs.filter((tab) => tab !== 'instance' || me.isInstanceAdmin);
  const open = tabs.find((tab) => tab === search.tab) ?? 'project';
  return (
    <>
      <PageHeader
        title={t('nav.settings')}
        text={t(open === 'instance' ? 'instance.text' : 'settings.text', { project: project.name })}
      />
      <Tabs.Root
        value={open}
        onValueChange={(tab: SettingsTab) =>
          change(
            {
              tab: tab === 'project' ? undefined : tab,
              q: undefined,
              own: undefined,
              dialog: undefined,
              key: undefined,
              cursor: undefined,
            },
            true,
          )
        }
      >
        <TabList tabs={tabs.map((value) => ({ value, text: t(`settings.tab.${value}`) }))} />
        {tabs.map((tab) => {
          const Panel = panels[tab];
          return (
            <Tabs.Panel key={tab} value={tab} className="pt-6 outline-offset-4">
              <Panel />
            </Tabs.Panel>
          );
        })}
      </Tabs.Root>
    </>
  );
}
