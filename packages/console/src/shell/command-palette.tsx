import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  BookOpen,
  FolderKanban,
  FolderPlus,
  Folders,
  KeyRound,
  Plus,
  Route,
  Search,
  Server,
  UserCog,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { channelsQuery } from '../api/queries.ts';
import { holdsSecret } from '../keys/found-secret.ts';
import { keyListQuery } from '../keys/key-queries.ts';
import { keyDisplay, useKeyTitle } from '../keys/key-title.ts';
import { useText } from '../text/text.tsx';
import { sectionsOf } from './navigation.tsx';
import { useProject } from './project.tsx';

interface Entry {
  value: string;
  label: string;
  detail?: string;
  icon: ReactNode;
  go(): void;
}

interface Group {
  value: string;
  items: Entry[];
}

export function CommandPalette({ onClose }: { onClose(): void }) {
  const t = useText();
  const [text, setText] = useState('');
  const groups = useGroups(text.trim(), onClose);
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Popup
          aria-label={t('palette.title')}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[min(36rem,94vw)] -translate-x-1/2 flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-raised outline-none"
        >
          <Autocomplete.Root
            inline
            open
            items={groups}
            value={text}
            // What is chosen leads somewhere, or brings more of what was typed for.
            onValueChange={(value, { reason }) => reason !== 'item-press' && setText(value)}
            mode="none"
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(entry: Entry) => entry.label}
          >
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search className="size-4 text-muted" aria-hidden />
              <Autocomplete.Input
                aria-label={t('palette.title')}
                placeholder={t('palette.hint')}
                // At once: what is typed next is for it.
                autoFocus
                className="h-12 flex-1 bg-transparent outline-none placeholder:text-muted"
              />
            </div>
            <Autocomplete.Empty className="px-4 py-6 text-center text-muted empty:hidden">
              {groups.length > 0 ? null : t(holdsSecret(text) ? 'found.refused' : 'palette.nothing')}
            </Autocomplete.Empty>
            <Autocomplete.List className="overflow-y-auto p-2">
              {(group: Group) => (
                <Autocomplete.Group key={group.value} items={group.items} className="mb-1">
                  <Autocomplete.GroupLabel className="px-2.5 py-1 text-xs font-medium text-muted">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(entry: Entry) => (
                      <Autocomplete.Item
                        key={entry.value}
                        value={entry}
                        onClick={entry.go}
                        className="flex items-center gap-3 rounded-lg px-2.5 py-2 outline-none data-highlighted:bg-sunken [&_svg]:size-4 [&_svg]:text-muted"
                      >
                        {entry.icon}
                        <span className="min-w-0 flex-1 truncate">{entry.label}</span>
                        {entry.detail && <code className="font-mono text-xs text-muted">{entry.detail}</code>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What matches, in groups. Keys are searched for at the server; a whole secret is not sent there. */
function useGroups(text: string, onClose: () => void): Group[] {
  const t = useText();
  const navigate = useNavigate();
  const titleOf = useKeyTitle();
  const current = useProject();
  const projectId = current.project.id;
  const isSearch = text.length >= 2 && !holdsSecret(text);
  const { data, isPlaceholderData } = useQuery({
    ...keyListQuery({ projectId, channelId: null }, { ...(isSearch && { q: text }), size: 20 }),
    enabled: isSearch,
  });
  const channelList = useInfiniteQuery(channelsQuery(projectId));
  const [showsAll, showAll] = useState(false);
  const goTo =
    (to: string, search: Record<string, string> = {}) =>
    () => {
      onClose();
      void navigate({ to, search: { project: projectId, ...search } });
    };
  const pages = sectionsOf(current).map(({ to, text: name, icon }) => ({
    value: name,
    label: t(name),
    icon,
    go: goTo(to),
  }));
  const administration = current.me.isInstanceAdmin
    ? [
        { value: 'projects', label: t('project.all'), icon: <Folders />, go: goTo('/projects') },
        { value: 'accounts', label: t('accounts.title'), icon: <UserCog />, go: goTo('/accounts') },
        {
          value: 'instance',
          label: t('palette.instance'),
          icon: <Server />,
          go: goTo('/settings', { tab: 'instance' }),
        },
      ]
    : [];
  const reference = {
    value: 'reference',
    label: t('palette.reference'),
    icon: <BookOpen />,
    go() {
      onClose();
      window.open('/docs', '_blank', 'noreferrer');
    },
  };
  const newProject = current.me.isInstanceAdmin
    ? [{ value: 'new-project', label: t('project.new'), icon: <FolderPlus />, go: goTo('/projects/new') }]
    : [];
  const actions = [
    {
      value: 'create',
      label: t('keys.createTitle'),
      icon: <Plus />,
      go: goTo('/apikeys', { dialog: 'create' }),
    },
    ...newProject,
  ];
  const projects = current.me.projects.map(({ id, name }) => ({
    value: id,
    label: name,
    icon: <FolderKanban />,
    go: goTo('/apikeys', { project: id }),
  }));
  const matches = ({ label, detail = '' }: Entry) =>
    [label, detail].some((each) => each.toLocaleLowerCase().includes(text.toLocaleLowerCase()));
  // Enter takes what it finds: of what was found for less of the text, only what still matches may stand there.
  const keys = (isSearch ? (data?.items ?? []) : [])
    .map((k) => ({
      value: k.id,
      label: titleOf(k),
      detail: keyDisplay(k),
      icon: <KeyRound />,
      go: goTo(`/apikeys/${k.id}`),
    }))
    .filter((entry) => !isPlaceholderData || matches(entry))
    .slice(0, 8);
  const channels = (text === '' ? [] : (channelList.data ?? [])).map(({ id, name, slug }) => ({
    value: id,
    label: name,
    detail: slug,
    icon: <Route />,
    go: goTo(`/channels/${id}`),
  }));
  const found = channels.filter(matches);
  const isCut = !showsAll && found.length > 8;
  const moreChannels = {
    value: 'more-channels',
    label: t('palette.moreChannels'),
    icon: <Search />,
    go() {
      showAll(true);
      if (!isCut) void channelList.fetchNextPage();
    },
  };
  const hasMore = text !== '' && (isCut || channelList.hasNextPage);
  return [
    { value: t('palette.pages'), items: [...pages, ...administration, reference].filter(matches) },
    { value: t('palette.actions'), items: actions.filter(matches) },
    { value: t('palette.keys'), items: keys },
    {
      value: t('palette.channels'),
      items: [...(isCut ? found.slice(0, 8) : found), ...(hasMore ? [moreChannels] : [])],
    },
    { value: t('palette.projects'), items: projects.filter(matches) },
  ].filter(({ items }) => items.length > 0);
}
