import { isIPv6 } from 'node:net';
import type { Config } from '../../config.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** Whether the server for e-mail takes us, and links in letters lead anywhere; nothing when none is configured. */
export async function checkMail({
  smtpUrl,
  publicUrl,
}: Pick<Config, 'smtpUrl' | 'publicUrl'>): Promise<Check[]> {
  if (smtpUrl === null) return [];
  const { host, port } = smtpUrl;
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const links =
    publicUrl === null
      ? [
          warning(
            'links in e-mail',
            'lead to the address that the server listens on.',
            'Set KEYWRIGHT_PUBLIC_URL to the one that others reach it by.',
          ),
        ]
      : [];
  return [await checkServer(smtpUrl, place), ...links];
}

async function checkServer(server: NonNullable<Config['smtpUrl']>, place: string): Promise<Check> {
  // Loaded by nobody who sends no e-mail.
  const { checkSmtp } = await import('../../mail/smtp-mailer.ts');
  try {
    await checkSmtp(server);
    const signedIn = server.credentials === null ? '' : ', and takes the user and password';
    return ok('e-mail', `the SMTP server at ${place} answers${signedIn}.`);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const remedy =
      remedies[code ?? ''] ?? 'Set another KEYWRIGHT_SMTP_URL, or see why the server does not answer.';
    return failed('e-mail', `the SMTP server at ${place} cannot be used (${code ?? message}).`, remedy);
  }
}

const remedies: Readonly<Record<string, string>> = {
  EAUTH: 'The server does not take the user and password in KEYWRIGHT_SMTP_URL: correct them.',
  ETLS: 'It speaks no TLS that can be trusted, without which no password is sent: use its right name, or smtps://.',
  EDNS: 'KEYWRIGHT_SMTP_URL holds a name that nobody knows: correct it.',
};
