import { describe, expect, test } from 'vitest';
import { DomainError } from '../domain/error.ts';
import { checkPassword } from './password-rules.ts';

const person = {
  field: 'password',
  email: 'lovelace@example.com',
  name: 'Ada Lovelace',
  instanceName: 'Weather Keys',
};

async function refusal(password: string): Promise<string | null> {
  try {
    await checkPassword(password, person);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error).toMatchObject({ code: 'validation_failed', errors: [{ path: 'password' }] });
    return error.detail;
  }
}

describe('a password is refused', () => {
  test.each([
    'password',
    'PASSWORD',
    'Password1',
    'password123!',
    'qwertyuiop',
    '12345678',
    'iloveyou',
    'sunshine',
    'dragon2024',
    'letmein!!',
    'trustno1',
    'ｐａｓｓｗｏｒｄ',
  ])('as one that everybody takes: %s', async (password) => {
    expect(await refusal(password)).toContain('guessed first');
  });

  test.each([
    'aaaaaaaa',
    'abababab',
    'abcabcabc',
    '1212121212',
    'abcdefgh',
    '98765432',
    '        ',
    '🗝️🗝️🗝️🗝️🗝️🗝️🗝️🗝️',
  ])('as a row or a repetition: %s', async (password) => {
    expect(await refusal(password)).toContain('guessed first');
  });

  test.each([
    'keywright',
    'Keywright1',
    'lovelace!',
    'Lovelace99',
    'lovelace@example.com',
    'ada lovelace',
    'WeatherKeys',
    'weather keys 1',
  ])('as made of what stands on the page: %s', async (password) => {
    expect(await refusal(password)).not.toBeNull();
  });
});

test.each([
  'correct horse battery staple',
  'xK9#mQ2$vL',
  'größte Überraschung',
  'пароль-у-моря',
  '漢字漢語海辺灯台',
  '        a lot of space',
  'keywright beside the sea',
  "'; DROP TABLE --",
  'null\0byte and more',
])('a password is taken, whatever it is made of: %j', async (password) => {
  expect(await refusal(password)).toBeNull();
});
