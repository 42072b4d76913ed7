const maxCharacters = 300;
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A user agent as it is kept: without control characters, without secrets (some programs put theirs there), and cut.
 * @param censor takes what looks like a secret out of a text
 * @returns null when nothing is left
 */
export function cleanUserAgent(userAgent: string, censor: (text: string) => string): string | null {
  // In this order: what the control characters had kept apart may be a secret, and half a secret is not known as one.
  const visible = censor(userAgent.toWellFormed().replace(invisible, ''));
  return visible.slice(0, maxCharacters).toWellFormed().trim() || null;
}
