import { createKeyBody } from '@keywright/contract';
import { sentence } from '../sign-in/form.tsx';
import { words } from './words.ts';

/** @returns what the contract says against them, or null */
export function judgeWords(field: 'scopes' | 'ipAllow', text: string): string | null {
  const { error } = createKeyBody.shape[field].safeParse(words(text));
  const [issue] = error?.issues ?? [];
  return issue ? sentence(issue.message) : null;
}
