import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';
import { isLoopback, type Sender, type SmtpServer } from './smtp-server.ts';

/** How long a letter may take from the connection to the server's word that it has it. */
const sendingMs = 10_000;
/** How long the server may be silent. */
const silenceMs = 5000;

/** Sends by SMTP, on a connection for each letter: there are few, and none is kept open that a firewall forgets. */
export function createSmtpMailer({ server, from }: { server: SmtpServer; from: Sender }): Mailer {
  const transport = connect(server);
  return {
    async send({ to, subject, text, html }) {
      if (!isPlainAddress(to)) throw new Error('a letter has one address, of plain characters');
      await transport.sendMail({
        from: { name: oneLine(from.name), address: from.address },
        // As an object, and in the envelope: a text would be taken apart, and could name more than one person.
        to: { name: '', address: to },
        envelope: { from: from.address, to: [to] },
        subject: oneLine(subject),
        text,
        html,
        // A program's letter: no answer by a program.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(sendingMs),
      });
    },
  };
}

/**
 * Speaks to the server as for a letter, and sends none.
 * @throws with what it said, or that it said nothing
 */
export async function checkSmtp(server: SmtpServer): Promise<void> {
  const transport = connect(server);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('it takes too long to answer')), sendingMs);
  try {
    await Promise.race([transport.verify(), tooLate]);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

function connect({ host, port, isSecure, credentials }: SmtpServer) {
  const isLocal = isLoopback(host);
  return createTransport({
    host,
    port,
    secure: isSecure,
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password.reveal() } }),
    // Without it a password would go in the clear where somebody in between takes STARTTLS out of the greeting.
    requireTLS: credentials !== null && !isSecure && !isLocal,
    // What runs on this machine has a certificate for another name, like as not.
    tls: { rejectUnauthorized: !isLocal, minVersion: 'TLSv1.2' },
    connectionTimeout: silenceMs,
    greetingTimeout: silenceMs,
    dnsTimeout: silenceMs,
    socketTimeout: silenceMs,
    allowInternalNetworkInterfaces: true,
  });
}

/** No line breaks, no brackets, no commas, no comments: nothing by which a header or an envelope could be taken apart. */
function isPlainAddress(address: string): boolean {
  return address.length <= 254 && /^[^\s"(),:;<>@[\\\]\p{C}]+@[^\s"(),:;<>@[\\\]\p{C}]+$/u.test(address);
}

/** Headers end where a line does. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
