import { expect, test } from 'vitest';
import { generateSecret } from '../keys/secret-format.ts';
import { StartupError } from '../startup-error.ts';
import { RefusedError, UnreachableError } from './connection/api.ts';
import { explainError, say } from './say.ts';
import { FakeProcess } from './testing/fake-context.ts';

test('nothing that is printed can steer a terminal', () => {
  const process = new FakeProcess();
  say(process.context.stdout, 'a\u001b[31mb\u009b0m\u202ec\r\nd\te');
  expect(process.stdout).toBe('a\\u{1b}[31mb\\u{9b}0m\\u{202e}c\\u{d}\nd\te\n');
});

test.each([
  ['a sentence for the operator', new StartupError('Start it once.'), 'Start it once.'],
  ['a message', new Error('no'), 'no'],
  [
    'no name of a class',
    new UnreachableError('it gives no answer', new TypeError('no')),
    'it gives no answer – no',
  ],
  ['a code beside it', Object.assign(new Error('no'), { code: 'E_NO' }), 'no (E_NO)'],
  [
    'a code in it',
    Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' }),
    'connect ECONNREFUSED ::1',
  ],
  ['only a code', Object.assign(new Error(''), { code: 'E_NO' }), 'E_NO'],
  ['several attempts', new AggregateError([new Error('one'), new Error('two')], ''), 'one; two'],
  ['its cause', new Error('no', { cause: new Error('disk full') }), 'no – disk full'],
  ['no error at all', 'text', 'text'],
  ['a password', new Error('at postgres://kw:hunter2@db/kw'), 'at postgres://kw:[secret]@db/kw'],
])('an error is told by %s', (_, error, sentence) => {
  expect(explainError(error)).toEqual([sentence]);
});

const refusal = {
  type: 'https://keys.example.com/errors/validation_failed',
  title: 'The request is not valid',
  status: 400,
  code: 'validation_failed' as const,
  instance: '/v1/keys',
  requestId: 'req_x',
};

test('a refusal tells each fault of a field once', () => {
  const [name, owner] = [
    { path: 'name', message: 'is required' },
    { path: 'ownerId', message: 'must be a string' },
  ];
  const one = new RefusedError({ ...refusal, detail: 'name is required.', errors: [name!] });
  expect(explainError(one)).toEqual([
    'The request is not valid (validation_failed): name is required.',
    'Request id: req_x',
  ]);
  const two = new RefusedError({
    ...refusal,
    detail: 'name is required. And there is more: see `errors`.',
    errors: [name!, owner!],
  });
  expect(explainError(two)).toEqual([
    'The request is not valid (validation_failed):',
    '  name: is required',
    '  ownerId: must be a string',
    'Request id: req_x',
  ]);
});

test('an error never tells a secret', () => {
  expect(explainError(new Error(`bad ${generateSecret('kw').reveal()}`))).toEqual(['bad [secret]']);
});
