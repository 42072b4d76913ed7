import type { Message } from './mailer.ts';

/*
 * The texts of all letters. Names in them were chosen by people: they are cut to one short line, quoted, and escaped
 * where it is HTML.
 */

interface Letter {
  to: string;
  /** The name of the instance. */
  instance: string;
}

interface LinkLetter extends Letter {
  link: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** @param inviter null: a program invited */
export function invitationMessage(letter: LinkLetter & { project: string; inviter: string | null }): Message {
  const { to, instance, link, expiresAt, project, inviter } = letter;
  const [where, who] = [quote(project), inviter === null ? null : quote(inviter)];
  return write({
    to,
    subject: `Invitation to ${where} on ${short(instance)}`,
    before: [
      who === null
        ? `You are invited to the project ${where} on ${short(instance)}.`
        : `${who} invites you to the project ${where} on ${short(instance)}.`,
    ],
    link: { label: 'Accept the invitation', address: link },
    after: [
      `The link works once, until ${day(expiresAt)}, for this e-mail address.`,
      'If you do not know what this is about, do nothing: without you nothing happens.',
    ],
  });
}

export function resetPasswordMessage({ to, instance, link, expiresAt }: LinkLetter): Message {
  return write({
    to,
    subject: `Choose a new password for ${short(instance)}`,
    before: [`Somebody asked for a new password for the account ${to} on ${short(instance)}.`],
    link: { label: 'Choose a new password', address: link },
    after: [
      `The link works once, until ${minute(expiresAt)}. Give it to nobody.`,
      'If it was not you, do nothing: your password stays as it is.',
    ],
  });
}

export function confirmEmailMessage({ to, instance, link, expiresAt }: LinkLetter): Message {
  return write({
    to,
    subject: `Confirm this e-mail address for ${short(instance)}`,
    before: [`An account on ${short(instance)} is to have the e-mail address ${to} from now on.`],
    link: { label: 'Confirm this address', address: link },
    after: [
      `The link works once, until ${minute(expiresAt)}.`,
      'If it was not you, do nothing: the account keeps the address that it has.',
    ],
  });
}

/** For whose address somebody else asked for. */
export function addressTakenMessage({ to, instance }: Letter): Message {
  return write({
    to,
    subject: `Your e-mail address on ${short(instance)}`,
    before: [
      `Somebody wanted to give this e-mail address to another account on ${short(instance)}.`,
      'Nothing was changed: the address belongs to your account. If it was you, sign in to that one, or give it ' +
        'another address first.',
    ],
    after: [],
  });
}

export function passwordChangedMessage({ to, instance }: Letter): Message {
  return write({
    to,
    subject: `Your password for ${short(instance)} was changed`,
    before: [
      `The password of the account ${to} on ${short(instance)} was changed.`,
      'If it was not you, choose a new one at once (“Forgot your password?” where you sign in), and tell an ' +
        'administrator.',
    ],
    after: [],
  });
}

/** To the former address. It does not tell the new one. */
export function emailChangedMessage({ to, instance }: Letter): Message {
  return write({
    to,
    subject: `Your e-mail address for ${short(instance)} was changed`,
    before: [
      `The account on ${short(instance)} that had the e-mail address ${to} has another one now.`,
      'If it was not you, tell an administrator at once: somebody else may have your account.',
    ],
    after: [],
  });
}

interface Parts {
  to: string;
  subject: string;
  before: string[];
  link?: { label: string; address: string };
  after: string[];
}

function write({ to, subject, before, link, after }: Parts): Message {
  const text = [...before, ...(link ? [`${link.label}:\n${link.address}`] : []), ...after].join('\n\n');
  const paragraph = (content: string) => `<p>${content}</p>`;
  const linked = ({ label, address }: { label: string; address: string }) =>
    paragraph(`<a href="${escapeHtml(address)}">${escapeHtml(label)}</a>`);
  const body = [
    ...before.map((each) => paragraph(escapeHtml(each))),
    ...(link ? [linked(link)] : []),
    ...after.map((each) => paragraph(escapeHtml(each))),
  ];
  const html = `<!doctype html>\n<html lang="en"><body>\n${body.join('\n')}\n</body></html>\n`;
  return { to, subject, text: `${text}\n`, html };
}

const maxNameLength = 60;

/** A name on one line, and not longer than a name is. */
function short(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= maxNameLength ? line : `${characters.slice(0, maxNameLength - 1).join('')}…`;
}

/** What anybody may have written. Addresses in it are broken, so that no program for e-mail makes links of them. */
function quote(name: string): string {
  return `“${short(name.replace(/(?<=\S)([.:])(?=\S)/g, '$1 '))}”`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
