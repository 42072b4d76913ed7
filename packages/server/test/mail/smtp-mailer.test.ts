import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/keys/secret-format.ts';
import type { Message } from '../../src/mail/mailer.ts';
import { checkSmtp, createSmtpMailer } from '../../src/mail/smtp-mailer.ts';
import type { SmtpServer } from '../../src/mail/smtp-server.ts';
import { type Mailbox, openMailbox, refusedRecipient, slowRecipient } from '../support/mailbox.ts';

/** Leads to this machine, and is not known to. */
const elsewhere = '0.0.0.0';
const message: Message = { to: 'ann@example.com', subject: 'Hello', text: 'Hello\n', html: '<p>Hello</p>' };
const from = { name: 'Keywright', address: 'keys@acme.example' };

async function open(options: Parameters<typeof openMailbox>[0] = {}): Promise<Mailbox> {
  const mailbox = await openMailbox(options);
  onTestFinished(() => mailbox.close());
  return mailbox;
}

function serverOf({ port }: { port: number }, fields: Partial<SmtpServer> = {}): SmtpServer {
  return { host: '127.0.0.1', port, isSecure: false, credentials: null, ...fields };
}

const credentials = (password = 'right') => ({ user: 'sender', password: new Secret(password) });
const send = (server: SmtpServer, fields: Partial<Message> = {}) =>
  createSmtpMailer({ server, from }).send({ ...message, ...fields });

describe('a password is sent', () => {
  test('to this machine, with or without TLS', async () => {
    const [plain, starting] = [await open(), await open({ hideSTARTTLS: false })];
    for (const mailbox of [plain, starting]) await send(serverOf(mailbox, { credentials: credentials() }));
    expect(plain.letters).toMatchObject([{ user: 'sender', isEncrypted: false, text: 'Hello\n' }]);
    expect(starting.letters).toMatchObject([{ user: 'sender', isEncrypted: true }]);
  });

  test('nowhere else without TLS, also where somebody took it out of the greeting', async () => {
    const mailbox = await open({ disabledCommands: ['STARTTLS'] });
    const server = serverOf(mailbox, { host: elsewhere, credentials: credentials() });
    await expect(send(server)).rejects.toMatchObject({ code: 'ETLS' });
    await expect(checkSmtp(server)).rejects.toMatchObject({ code: 'ETLS' });
    expect(mailbox).toMatchObject({ attempts: [], letters: [] });
  });

  test('nowhere else with a certificate that nobody vouches for', async () => {
    const [starting, wrapped] = [await open({ hideSTARTTLS: false }), await open({ secure: true })];
    for (const [mailbox, isSecure] of [
      [starting, false],
      [wrapped, true],
    ] as const) {
      const server = serverOf(mailbox, { host: elsewhere, isSecure, credentials: credentials() });
      await expect(send(server)).rejects.toThrow(/certificate/);
      expect(mailbox).toMatchObject({ attempts: [], letters: [] });
    }
  });
});

test('what needs no password goes without TLS where the server has none', async () => {
  const mailbox = await open();
  await send(serverOf(mailbox, { host: elsewhere }));
  expect(mailbox.letters).toMatchObject([{ from: 'keys@acme.example', to: ['ann@example.com'] }]);
});

test('TLS from the first byte', async () => {
  const mailbox = await open({ secure: true });
  await send(serverOf(mailbox, { isSecure: true, credentials: credentials() }));
  expect(mailbox.letters).toMatchObject([{ isEncrypted: true }]);
});

test('the check signs in and sends nothing', async () => {
  const mailbox = await open();
  await checkSmtp(serverOf(mailbox, { credentials: credentials() }));
  expect(mailbox).toMatchObject({ attempts: ['sender:right'], letters: [] });
  const wrong = serverOf(mailbox, { credentials: credentials('wrong') });
  await expect(checkSmtp(wrong)).rejects.toMatchObject({ code: 'EAUTH' });
  await expect(send(wrong)).rejects.toMatchObject({ code: 'EAUTH' });
  expect(mailbox.letters).toEqual([]);
});

test('a refused recipient, and a server that is not there', async () => {
  const mailbox = await open();
  const to = `${refusedRecipient}ann@example.com`;
  await expect(send(serverOf(mailbox), { to })).rejects.toMatchObject({ responseCode: 550 });
  await mailbox.close();
  await expect(send(serverOf(mailbox))).rejects.toMatchObject({
    code: expect.stringMatching(/ECONN|ESOCKET/),
  });
});

describe('a server that takes its time is not waited for', () => {
  /** Speaks TCP, and whatever a connection is told to. */
  async function talk(speak: (socket: Socket) => void): Promise<SmtpServer> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      speak(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return serverOf({ port: (server.address() as AddressInfo).port });
  }

  const timed = async (run: () => Promise<unknown>) => {
    const begunAt = performance.now();
    await expect(run()).rejects.toThrow();
    return performance.now() - begunAt;
  };

  test('that says nothing at all', async () => {
    const silent = await talk(() => {});
    const took = await Promise.all([timed(() => send(silent)), timed(() => checkSmtp(silent))]);
    for (const ms of took) expect(ms).toBeLessThan(9000);
  }, 20_000);

  test('that never comes to the end of what it says', async () => {
    const endless = await talk((socket) => {
      socket.write('220 here I am\r\n');
      const timer = setInterval(() => socket.write('250-and another thing\r\n'), 300);
      socket.on('close', () => clearInterval(timer));
    });
    const took = await Promise.all([timed(() => send(endless)), timed(() => checkSmtp(endless))]);
    for (const ms of took) expect(ms).toBeLessThan(13_000);
  }, 30_000);

  test('that does not say whether it has the letter', async () => {
    const mailbox = await open();
    const to = `${slowRecipient}ann@example.com`;
    expect(await timed(() => send(serverOf(mailbox), { to }))).toBeLessThan(13_000);
  }, 20_000);
});

describe('nothing in a letter becomes a part of its head', () => {
  test.each([
    'ann@example.com, eve@evil.example',
    'ann@example.com\r\nBcc: eve@evil.example',
    'ann@example.com>\r\nRCPT TO:<eve@evil.example',
    'Ann <ann@example.com>',
    '"eve@evil.example, x"@example.com',
    'ann@example.com;eve@evil.example',
    'ann@evil.example(ann@example.com)',
    'ann@@example.com',
    'ann',
    '',
  ])('as the recipient: %j', async (to) => {
    const mailbox = await open();
    await expect(send(serverOf(mailbox), { to })).rejects.toThrow(/one address/);
    expect(mailbox.letters).toEqual([]);
  });

  test('as the subject or the sender’s name', async () => {
    const mailbox = await open();
    const server = serverOf(mailbox);
    const evil = 'x\r\nBcc: eve@evil.example\u2028\nX-Evil: 1\r\n\r\nbody';
    const mailer = createSmtpMailer({ server, from: { name: `"${evil}" <`, address: from.address } });
    await mailer.send({ ...message, subject: evil });
    const [letter] = mailbox.letters;
    const names = letter?.headers.map(([name]) => name);
    expect(names).not.toContain('bcc');
    expect(names).not.toContain('x-evil');
    expect(letter).toMatchObject({
      from: from.address,
      to: ['ann@example.com'],
      subject: 'x Bcc: eve@evil.example X-Evil: 1 body',
      text: 'Hello\n',
    });
  });

  test('as the text', async () => {
    const mailbox = await open();
    const text = 'one\r\n.\r\nRCPT TO:<eve@evil.example>\r\n.two é 🗝️\r\n';
    await send(serverOf(mailbox), { text });
    expect(mailbox.letters).toHaveLength(1);
    expect(mailbox.letters[0]?.text).toBe(text.replaceAll('\r\n', '\n'));
  });
});
