import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

interface ThemeState {
  theme: Theme;
  /** What it comes out as. */
  isDark: boolean;
  choose(theme: Theme): void;
}

const ThemeContext = createContext<ThemeState | null>(null);
/** Also read by /theme.js, before anything is painted. */
const storageKey = 'keywright.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const [isSystemDark, setSystemDark] = useState(systemDark.matches);
  const isDark = theme === 'dark' || (theme === 'system' && isSystemDark);
  useEffect(() => {
    const follow = () => setSystemDark(systemDark.matches);
    systemDark.addEventListener('change', follow);
    return () => systemDark.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  }, [isDark]);
  const choose = (chosen: Theme) => {
    setTheme(chosen);
    try {
      localStorage.setItem(storageKey, chosen);
    } catch {
      // Without storage it holds until the page is left.
    }
  };
  return <ThemeContext value={{ theme, isDark, choose }}>{children}</ThemeContext>;
}

export function useTheme(): ThemeState {
  const state = useContext(ThemeContext);
  if (state === null) throw new Error('There is no ThemeProvider above.');
  return state;
}

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(storageKey);
    return themes.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}
