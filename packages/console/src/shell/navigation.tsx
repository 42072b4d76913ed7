import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import {
  Activity,
  BookOpen,
  ChartColumn,
  ExternalLink,
  KeyRound,
  LifeBuoy,
  Route,
  Search,
  Settings,
  Users,
  Waypoints,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { publicInstanceQuery } from '../api/queries.ts';
import { type TextKey, useText } from '../text/text.tsx';
import { cn } from '../ui/class-names.ts';
import { type CurrentProject, useProject } from './project.tsx';

interface Section {
  to: NonNullable<LinkProps['to']>;
  text: TextKey;
  icon: ReactNode;
  isFor?: (current: CurrentProject) => boolean;
  /** It stands below another one, as a part of it. */
  isPart?: boolean;
}

const sections: readonly Section[] = [
  { to: '/apikeys', text: 'nav.keys', icon: <KeyRound /> },
  { to: '/channels', text: 'nav.channels', icon: <Route /> },
  { to: '/usage', text: 'nav.usage', icon: <ChartColumn /> },
  { to: '/activity', text: 'nav.activity', icon: <Activity /> },
  { to: '/members', text: 'nav.members', icon: <Users /> },
  { to: '/settings', text: 'nav.settings', icon: <Settings />, isFor: ({ canOwn }) => canOwn },
];

/** The gateway preset's guide has its keys in a section "API Gateway", where "API Key Generation" is the list. */
const gatewaySections: readonly Section[] = sections.flatMap((section): Section[] =>
  section.to === '/apikeys'
    ? [
        { to: '/apikeys', text: 'nav.gateway', icon: <Waypoints /> },
        { ...section, isPart: true },
      ]
    : section.to === '/channels'
      ? [{ ...section, isPart: true }]
      : [section],
);

export function sectionsOf(current: CurrentProject): readonly Section[] {
  const all = current.project.preset === 'gateway' ? gatewaySections : sections;
  return all.filter(({ isFor }) => isFor?.(current) ?? true);
}

export function Navigation({ onNavigate }: { onNavigate?: (() => void) | undefined }) {
  const t = useText();
  const current = useProject();
  return (
    <nav aria-label={t('nav.label')} className="flex flex-col gap-0.5 px-3 py-2">
      <button
        type="button"
        onClick={() => {
          onNavigate?.();
          dispatchEvent(new Event('keywright:palette'));
        }}
        className={cn(itemClass, 'mb-2 border border-line text-muted hover:bg-sunken')}
      >
        <Search aria-hidden />
        <span className="flex-1 text-left">{t('nav.search')}</span>
        <kbd className="rounded border border-line px-1 font-sans text-[0.6875rem]">{paletteKeys}</kbd>
      </button>
      {sectionsOf(current).map(({ to, text, icon, isPart }) => (
        <Link
          key={text}
          to={to}
          search={{ project: current.project.id }}
          onClick={() => onNavigate?.()}
          className={cn(itemClass, 'text-muted hover:bg-sunken hover:text-ink', isPart && 'ml-4')}
          activeProps={{ className: 'bg-sunken text-ink! font-medium' }}
          activeOptions={{ includeSearch: false }}
        >
          {icon}
          {t(text)}
        </Link>
      ))}
      <HelpLinks />
    </nav>
  );
}

const itemClass =
  'flex items-center gap-2.5 rounded-lg px-2.5 py-2 lg:py-1.5 [&_svg]:size-4 [&_svg]:shrink-0';
const isApple = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);
const paletteKeys = isApple ? '⌘ K' : 'Ctrl K';

/** Where the provider answers questions, if it said so in the settings of the instance. */
function HelpLinks() {
  const t = useText();
  const { data: instance } = useQuery(publicInstanceQuery);
  const links = [
    { url: instance?.docsUrl, text: t('nav.docs'), icon: <BookOpen /> },
    { url: instance?.supportUrl, text: t('nav.support'), icon: <LifeBuoy /> },
  ].filter(({ url }) => url);
  if (links.length === 0) return null;
  return (
    <div className="mt-3 flex flex-col gap-0.5 border-t border-line pt-3">
      {links.map(({ url, text, icon }) => (
        <a
          key={text}
          href={url ?? ''}
          target="_blank"
          rel="noreferrer"
          className={cn(itemClass, 'text-muted hover:bg-sunken hover:text-ink')}
        >
          {icon}
          <span className="flex-1">{text}</span>
          <ExternalLink className="size-3.5!" aria-label={t('nav.newTab')} />
        </a>
      ))}
    </div>
  );
}
