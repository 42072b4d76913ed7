import type { Preset } from '@keywright/contract';
import { getCatalogue } from '../text/catalogue.ts';
import type { TextKey } from '../text/text.tsx';
import { wordOf } from './describe-look.ts';

export const wordingGroups = ['keys', 'secret', 'channels', 'nav'] as const;
type WordingGroup = (typeof wordingGroups)[number];

/** How many texts a request may change. */
export const mostAtOnce = 100;
export const longestText = 500;

export interface WordingPart {
  key: TextKey;
  group: WordingGroup;
  /** What stands there without words of the project's own. */
  text: string;
  /** What is filled in: `{name}`. */
  slots: readonly string[];
}

/** The texts that a provider may want to say otherwise. */
export function listWordingParts(preset: Preset): WordingPart[] {
  return (Object.keys(getCatalogue()) as TextKey[]).flatMap((key) => {
    const group = wordingGroups.find((each) => key.startsWith(`${each}.`));
    if (group === undefined) return [];
    const text = wordOf(preset, key);
    return [{ key, group, text, slots: slotsOf(text) }];
  });
}

export function slotsOf(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])];
}
