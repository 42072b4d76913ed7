import { Monitor, Moon, Sun } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { type Theme, themes, useTheme } from '../theme/theme.tsx';
import { Card, Section } from './section.tsx';

const icons: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };

/** Light or dark, kept in this browser. */
export function ThemeSection() {
  const t = useText();
  const { theme, choose } = useTheme();
  return (
    <Section title={t('appearance.title')} text={t('appearance.text')}>
      <Card>
        <fieldset>
          <legend className="sr-only">{t('appearance.title')}</legend>
          <div className="flex flex-wrap gap-2">
            {themes.map((each) => {
              const Icon = icons[each];
              return (
                <label
                  key={each}
                  className="flex cursor-pointer items-center gap-2 rounded-lg border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="radio"
                    name="theme"
                    className="accent-accent outline-none"
                    value={each}
                    checked={theme === each}
                    onChange={() => choose(each)}
                  />
                  <Icon className="size-4" aria-hidden />
                  {t(`theme.${each}`)}
                </label>
              );
            })}
          </div>
        </fieldset>
      </Card>
    </Section>
  );
}
