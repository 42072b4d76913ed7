import type { Secret } from '../keys/secret-format.ts';

/** The server that takes our letters, as it was configured. */
export interface SmtpServer {
  host: string;
  port: number;
  /** By TLS from the first byte (smtps). */
  isSecure: boolean;
  credentials: { user: string; password: Secret } | null;
}

/** Whom letters are from. */
export interface Sender {
  /** Empty: the address alone. */
  name: string;
  address: string;
}

/** Whether the server runs on this machine, so that nobody in between can listen. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}
