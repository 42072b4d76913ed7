import type { Key } from '@keywright/contract';
import { useCallback } from 'react';
import { useProject } from '../shell/project.tsx';
import { type KeyView, keyViews } from './presets.ts';

/** The secret as it may be shown: a pair's public id in full, else its beginning and end; a dash for one that was imported without. */
export function keyDisplay(key: Pick<Key, 'format' | 'publicId' | 'display'>): string {
  return (key.format === 'pair' ? key.publicId : key.display) ?? '–';
}

/** So much of a description fits where a name does. */
const mostOfDescription = 80;

/** What a key is called: by its name; where names are neither asked for nor shown, by how its description begins. */
export function keyTitle({ name, description }: Pick<Key, 'name' | 'description'>, view: KeyView): string {
  if (view.columns.includes('name') || description === null) return name;
  const [line = ''] = description.split('\n');
  return line.length > mostOfDescription ? `${line.slice(0, mostOfDescription - 1)}…` : line;
}

/** @returns what a key is called in the look of this project: in dialogs, notifications and labels */
export function useKeyTitle(): (k: Pick<Key, 'name' | 'description'>) => string {
  const { preset } = useProject().project;
  return useCallback((k) => keyTitle(k, keyViews[preset]), [preset]);
}
