import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { type Theme, themes, useTheme } from '../theme/theme.tsx';
import { forgetDrafts } from '../ui/draft.ts';
import { Menu } from '../ui/menu.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import type { AccountMe } from './project.tsx';

const themeIcons: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };

export function AccountMenu({ me }: { me: AccountMe }) {
  const t = useText();
  const navigate = useNavigate();
  const { theme, choose } = useTheme();
  const signOut = useSignOut();
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-lg px-2 py-1.5 text-left hover:bg-sunken"
        >
          <span
            aria-hidden
            className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent"
          >
            {me.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{me.name}</span>
            <span className="block truncate text-xs text-muted">{me.email}</span>
          </span>
          <ChevronsUpDown className="size-4 text-muted" aria-hidden />
        </button>
      }
      groups={[
        [
          {
            label: t('account.title'),
            icon: <UserRound />,
            onSelect: () => void navigate({ to: '/account', search: true }),
          },
        ],
        themes.map((each) => {
          const Icon = themeIcons[each];
          return {
            label: t(`theme.${each}`),
            icon: <Icon />,
            chosen: theme === each && t('theme.chosen'),
            onSelect: () => choose(each),
          };
        }),
        [{ label: t('signOut'), icon: <LogOut />, onSelect: () => void signOut() }],
      ]}
    />
  );
}

/** Ends the session and leaves the page, so that nothing that was loaded in it stays in memory. */
function useSignOut(): () => Promise<void> {
  const t = useText();
  return async () => {
    try {
      await auth('POST /sign-out');
    } catch (error) {
      notifyFailure(t('signOut.failed'), error);
      return;
    }
    forgetDrafts();
    location.assign('/sign-in');
  };
}
