import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { getCatalogue, type TextKey } from './catalogue.ts';

export type { TextKey } from './catalogue.ts';

type Values = Readonly<Record<string, string | number>>;
/** Other words for parts of the console: a preset's, or a project's own. */
export type Wording = Readonly<Partial<Record<string, string>>>;
export type Translate = (key: TextKey, values?: Values) => string;

type Text = string | { one: string; other: string };
/** Of the catalogue. */
export const language = 'en';
const plurals = new Intl.PluralRules(language);

/** Makes the function that turns keys into text; what `wordings` have goes first, the earlier the stronger. */
function createTranslate(...wordings: readonly Wording[]): Translate {
  return (key, values = {}) => {
    const own = wordings.find((wording) => wording[key])?.[key];
    return fill(own ?? choose(getCatalogue()[key], values), values);
  };
}

/** The text itself, where no project has a say in it. */
export const baseText = createTranslate();

const TextContext = createContext<Translate>(baseText);

/** Gives all below it the words of a project. */
export function Wordings({ of, children }: { of: readonly Wording[]; children: ReactNode }) {
  const translate = useMemo(() => createTranslate(...of), [of]);
  return <TextContext value={translate}>{children}</TextContext>;
}

export function useText(): Translate {
  return useContext(TextContext);
}

function choose(text: Text, values: Values): string {
  if (typeof text === 'string') return text;
  return plurals.select(Number(values.count)) === 'one' ? text.one : text.other;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString() : value;
  });
}
