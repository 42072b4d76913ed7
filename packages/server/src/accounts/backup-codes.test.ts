import { expect, test } from 'vitest';
import { newBackupCodes, normalizeBackupCode } from './backup-codes.ts';

test('ten at a time, none twice, in two groups of characters that are not mistaken for others', () => {
  const codes = [newBackupCodes(), newBackupCodes()].flat();
  expect(codes).toHaveLength(20);
  expect(new Set(codes).size).toBe(20);
  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
});

test('how it is typed does not matter', () => {
  for (const typed of ['a0b1c-d2e3f', 'A0B1CD2E3F', 'a0b1c d2e3f', 'aOblc–d2e3f', ' AoBiC-D2E3F '])
    expect(normalizeBackupCode(typed), typed).toBe('a0b1cd2e3f');
});
