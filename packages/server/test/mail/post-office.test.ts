import { expect, test } from 'vitest';
import { Secret } from '../../src/keys/secret-format.ts';
import type { Message } from '../../src/mail/mailer.ts';
import { PostOffice } from '../../src/mail/post-office.ts';
import { createSmtpMailer } from '../../src/mail/smtp-mailer.ts';
import { openMailbox, refusedRecipient, slowRecipient } from '../support/mailbox.ts';

const from = { name: '', address: 'keys@acme.example' };
const letterTo = (to: string): Message => ({ to, subject: 'Hello', text: 'token-in-a-link', html: '<p>' });

async function open() {
  const mailbox = await openMailbox();
  const server = { host: '127.0.0.1', port: mailbox.port, isSecure: false, credentials: null };
  const logged: string[] = [];
  const log = {
    warn: (fields: object, text: string) => void logged.push(`${text} ${JSON.stringify(fields)}`),
  };
  const mailer = createSmtpMailer({ server, from });
  const post = new PostOffice({ mailer, publicUrl: () => 'https://keys.example/base', log });
  return { mailbox, post, logged };
}

test('a letter that fails is told by its codes, and by nothing that stood in it', async () => {
  const { mailbox, post, logged } = await open();
  const to = `${refusedRecipient}ann@example.com`;
  expect(await post.deliver(letterTo(to))).toBe(false);
  expect(await post.deliver(letterTo('ann@example.com'))).toBe(true);
  await mailbox.close();
  expect(await post.deliver(letterTo('bob@example.com'))).toBe(false);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('"responseCode":550');
  expect(logged.join()).not.toMatch(/@|token/);
});

test('links hold the token behind the #', async () => {
  const { mailbox, post } = await open();
  expect(post.linkTo('reset-password', new Secret('abc'))).toBe(
    'https://keys.example/base/reset-password#token=abc',
  );
  await mailbox.close();
});

test('a stop sends what was handed in, and waits no longer than it may', async () => {
  const { mailbox, post, logged } = await open();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
    post.runLater(async () => void (await post.deliver(letterTo(`${name}@example.com`))));
  await post.close(10_000);
  expect(mailbox.letters).toHaveLength(6);
  post.runLater(() => Promise.reject(new Error('nothing is taken any more')));
  expect(logged).toEqual([]);

  const other = await open();
  other.post.runLater(async () => void (await other.post.deliver(letterTo(`${slowRecipient}a@example.com`))));
  const begunAt = performance.now();
  await other.post.close(300);
  expect(performance.now() - begunAt).toBeLessThan(2000);
  for (const { close } of [mailbox, other.mailbox]) await close();
});

test('an errand that fails is told, and takes nobody with it', async () => {
  const { mailbox, post, logged } = await open();
  post.runLater(() => Promise.reject(new Error('ann@example.com cannot be read')));
  post.runLater(async () => void (await post.deliver(letterTo('ann@example.com'))));
  await post.close(10_000);
  expect(mailbox.letters).toHaveLength(1);
  expect(logged).toEqual([expect.stringContaining('could not be made')]);
  expect(logged.join()).not.toContain('ann@');
  await mailbox.close();
});

test('of a flood of letters each is sent or refused, and none is waited for without end', async () => {
  const { mailbox, post } = await open();
  const sent = await Promise.all(
    Array.from({ length: 300 }, (_, i) => post.deliver(letterTo(`p${i}@example.com`))),
  );
  const count = sent.filter(Boolean).length;
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThanOrEqual(204);
  expect(mailbox.letters).toHaveLength(count);
  await mailbox.close();
});

test('without a server for e-mail nothing is sent and nothing fails', async () => {
  const logged: string[] = [];
  const log = { warn: (_: object, text: string) => void logged.push(text) };
  const post = new PostOffice({ mailer: null, publicUrl: () => 'https://keys.example', log });
  expect(post.canSend).toBe(false);
  expect(await post.deliver(letterTo('ann@example.com'))).toBe(false);
  post.runLater(() => Promise.reject(new Error('this is not run')));
  await post.close(100);
  expect(logged).toEqual([]);
});
