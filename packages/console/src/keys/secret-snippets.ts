import type { Key } from '@keywright/contract';
import type { IssuedSecret } from './issued-secret.ts';

export interface Snippet {
  id: 'curl' | 'javascript' | 'github';
  code: string;
}

/**
 * The address of the provider's own API at which to try a key, as a project's wording may have it. It gets into lines that
 * people run, so that it must not end the quotes around it.
 */
export function readApiUrl(wording: Readonly<Record<string, string>>): string | null {
  const url = URL.parse(wording['secret.apiUrl'] ?? '');
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return url.href.replaceAll("'", '%27').replaceAll('\\', '%5C');
}

/**
 * Lines to paste, with the secret in them.
 * @param names of the environment variables
 * @param apiUrl an address of the provider's own API to try the key at; null: the key is verified here instead
 */
export function writeSnippets(
  { key, secret }: IssuedSecret,
  names: EnvironmentNames,
  apiUrl: string | null,
): Snippet[] {
  const headers =
    key.publicId === null
      ? [`Authorization: Bearer ${secret}`]
      : [`X-Key-Id: ${key.publicId}`, `X-Key-Secret: ${secret}`];
  const github = environmentLines({ key, secret }, names).map(
    ([name, value]) => `gh secret set ${name} --body '${value}'`,
  );
  return [
    { id: 'curl', code: apiUrl === null ? verifyCurl({ key, secret }) : callCurl(apiUrl, headers) },
    { id: 'javascript', code: apiUrl === null ? verifyFetch({ key, secret }) : callFetch(apiUrl, headers) },
    { id: 'github', code: github.join('\n') },
  ];
}

type Pair = Pick<IssuedSecret, 'key' | 'secret'>;

function verifyBody({ key, secret }: Pair): object {
  return key.publicId === null ? { key: secret } : { publicId: key.publicId, secret };
}

function verifyCurl(issued: Pair): string {
  return [
    `curl ${location.origin}/v1/verify \\`,
    '  -H "Authorization: Bearer $KEYWRIGHT_SERVICE_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify(verifyBody(issued))}'`,
  ].join('\n');
}

function verifyFetch(issued: Pair): string {
  return [
    `const response = await fetch('${location.origin}/v1/verify', {`,
    "  method: 'POST',",
    '  headers: {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a program
    '    Authorization: `Bearer ${process.env.KEYWRIGHT_SERVICE_KEY}`,',
    "    'Content-Type': 'application/json',",
    '  },',
    `  body: '${JSON.stringify(verifyBody(issued))}',`,
    '});',
    'console.log(await response.json());',
  ].join('\n');
}

function callCurl(apiUrl: string, headers: readonly string[]): string {
  return [`curl '${apiUrl}' \\`, headers.map((header) => `  -H '${header}'`).join(' \\\n')].join('\n');
}

function callFetch(apiUrl: string, headers: readonly string[]): string {
  const fields = headers.map((header) => {
    const [name, value] = header.split(': ');
    return `    '${name}': '${value}',`;
  });
  return [
    `const response = await fetch('${apiUrl}', {`,
    '  headers: {',
    ...fields,
    '  },',
    '});',
    'console.log(response.status);',
  ].join('\n');
}

export interface EnvironmentNames {
  /** Of a token. */
  token: string;
  publicId: string;
  secret: string;
}

/** Names such as `ACME_API_KEY`, from the name of the project. */
export function nameEnvironment(projectName: string): EnvironmentNames {
  const plain = projectName
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  const start = /^[A-Z]/.test(plain) ? plain.replace(/(_?API)?(_?KEYS?)?$/, '') : '';
  const prefix = start === '' ? '' : `${start}_`;
  return { token: `${prefix}API_KEY`, publicId: `${prefix}API_KEY_ID`, secret: `${prefix}API_KEY_SECRET` };
}

function environmentLines({ key, secret }: Pair, names: EnvironmentNames): [string, string][] {
  return key.publicId === null
    ? [[names.token, secret]]
    : [
        [names.publicId, key.publicId],
        [names.secret, secret],
      ];
}

/** The content of a `.env` file. */
export function writeEnvFile(issued: IssuedSecret, names: EnvironmentNames): string {
  const comment = describeForFile(issued.key);
  return `${comment}\n${environmentLines(issued, names)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/** One line, whatever is in the name. */
function describeForFile({ name, id }: Key): string {
  return `# ${name.replace(/\s+/g, ' ')} (${id})`;
}
