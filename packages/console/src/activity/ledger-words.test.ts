import { ledgerActions } from '@keywright/contract';
import { expect, test } from 'vitest';
import { setCatalogue } from '../text/catalogue.ts';
import en from '../text/en.json';
import { baseText } from '../text/text.tsx';
import { actionsFor, listKnownActions, nameOfAction, remarksOn, sentenceOf } from './ledger-words.ts';

setCatalogue(en);

const byAnother = (action: string) => ({ action, actor: { id: 'acc_1' }, subject: { id: 'key_1' } });

test('who comes, or goes, by oneself did nothing to somebody else', () => {
  const byOneself = (action: string) =>
    sentenceOf(baseText, { action, actor: { id: 'acc_1' }, subject: { id: 'acc_1' } });
  expect(byOneself('member.added')).toBe('{actor} joined the project');
  expect(byOneself('member.removed')).toBe('{actor} left the project');
  expect(byOneself('account.updated')).toBe(sentenceOf(baseText, byAnother('account.updated')));
});

test('every action of the ledger has a sentence and a name', () => {
  expect(listKnownActions()).toStrictEqual(expect.arrayContaining([...ledgerActions]));
  for (const action of ledgerActions) {
    expect(sentenceOf(baseText, byAnother(action)), action).toContain('{actor}');
    expect(sentenceOf(baseText, byAnother(action)), action).toContain('{subject}');
    expect(nameOfAction(baseText, action), action).not.toBe(action);
  }
});

test('who sees a part of the ledger chooses among its actions, which the API all knows', () => {
  const inProjects = ledgerActions.filter((action) => !/^(account|instance)\./.test(action));
  expect([...actionsFor('owner')].sort()).toStrictEqual([...inProjects].sort());
  expect(actionsFor('operator')).toContain('channel.created');
  expect(actionsFor('operator')).not.toContain('member.added');
  expect(actionsFor('member').every((action) => action.startsWith('key.'))).toBe(true);
});

test('an action of a newer server is said by its name', () => {
  expect(sentenceOf(baseText, byAnother('key.polished'))).toBe('{actor} did key.polished to {subject}');
  expect(nameOfAction(baseText, 'key.polished')).toBe('key.polished');
});

test('codes of reasons are said in words, and what a person wrote as it was written', () => {
  const remarks = (detail: Record<string, unknown>) =>
    remarksOn(baseText, {
      seq: 1,
      at: '2026-01-01T00:00:00.000Z',
      actor: { type: 'system', id: 'system', name: null },
      action: 'key.revoked',
      projectId: null,
      subject: { type: 'key', id: 'key_1', name: null },
      detail,
      hash: '0'.repeat(64),
    });
  expect(remarks({ reason: 'owner_removed' })).toStrictEqual([
    'Reason: its owner was removed from the project.',
  ]);
  expect(remarks({ reason: 'Found on a forum' })).toStrictEqual(['Reason: Found on a forum.']);
  expect(remarks({ role: { before: 'member', after: 'owner' } })).toStrictEqual(['From member to owner.']);
  expect(remarks({ fields: ['expiresAt', 'ipAllow'] })).toStrictEqual([
    'Changed: expiry, allowed addresses.',
  ]);
  expect(remarks({ overlapSeconds: 3600 })).toStrictEqual(['The old secret works on for 1 hour.']);
});
