import { invalidField } from '../domain/error.ts';

/** What a password is measured against besides the list of common ones. */
interface PasswordContext {
  /** The field of the request that the password came in. */
  field: string;
  email: string;
  name: string;
  instanceName: string;
}

const shortestWord = 4;

/**
 * Refuses what is guessed first: the passwords that everybody takes, and those made of words that stand on the same
 * page (NIST SP 800-63B, 3.1.1.2). No rule says which characters there must be; length is the schema's.
 * @throws validation_failed
 */
export async function checkPassword(
  password: string,
  { field, email, name, instanceName }: PasswordContext,
): Promise<void> {
  commonPasswords ??= loadCommonPasswords();
  const common = await commonPasswords;
  const plain = simplify(password);
  if (common.has(plain) || common.has(withoutTail(plain)) || isRepetition(plain || password)) {
    throw invalidField(field, 'is one of the passwords that are guessed first: choose another');
  }
  const words = ['keywright', instanceName, name, ...name.split(/\s+/), email, ...email.split('@')];
  const known = words.map(simplify).filter((word) => word.length >= shortestWord);
  if (known.some((word) => isMostly(plain, word))) {
    throw invalidField(
      field,
      'is made of your name, your e-mail address or the name of this service: choose another',
    );
  }
}

/** Passwords that became public, most frequent first. Loaded when somebody chooses one: a start needs none of them. */
let commonPasswords: Promise<ReadonlySet<string>> | null = null;

async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}

/** As it is compared: in lower case, and without spaces, which are put in and left out at will. */
function simplify(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');
}

/** `dragon2024!` is `dragon`. */
function withoutTail(password: string): string {
  return password.replace(/[^\p{L}]+$/u, '');
}

function isRepetition(password: string): boolean {
  return /^(.{1,4})\1+$/su.test(password) || isRun(password);
}

/** `abcdefgh`, `87654321`. */
function isRun(password: string): boolean {
  const codes = Array.from(password, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  return steps.size === 1 && [1, -1].includes([...steps][0] ?? 0);
}

/** Whether little is left of the password when the word is taken out. */
function isMostly(password: string, word: string): boolean {
  return password.includes(word) && password.replaceAll(word, '').length < 4;
}
