import { posix } from 'node:path';
import { type Import, readImports, readsEnvironment } from './read-imports.ts';

const server = 'packages/server/src/';
/** What decides, and knows no HTTP, no SQL and no environment: clock, randomness and stores are passed in. */
const domainFolders = [
  'keys',
  'channels',
  'projects',
  'service-keys',
  'members',
  'accounts',
  'idempotency',
  'mail',
  'ledger',
  'verification',
  'usage',
  'cluster',
  'domain',
];
const domain = domainFolders.map((folder) => `${server}${folder}/`);
/** The parts of Node that compute and reach nothing outside the process. */
const pureNode = ['node:buffer', 'node:crypto', 'node:events', 'node:timers', 'node:util', 'node:zlib'];
const pureNet = ['node:net#isIP', 'node:net#isIPv4', 'node:net#isIPv6', 'node:net#BlockList'];

/** What people sign in with, and what it runs on. */
const authPackages = ['better-auth', '@better-auth/core', '@better-auth/passkey', '@better-auth/utils'];
const authLibrary = [...authPackages, 'node:async_hooks'];

interface Rule {
  /** The files it holds for: a file, or a folder ending with a slash. */
  in: string[];
  /** All that may be imported: files, folders, packages, or single names as `package#name`. */
  only?: string[];
  /** What may be imported as a type, besides. */
  typesOnly?: string[];
  never?: string[];
  because: string;
}

const rules: Rule[] = [
  {
    in: ['packages/contract/src/'],
    only: ['zod', 'packages/contract/src/'],
    because: 'the contract runs in browsers and imports zod only',
  },
  {
    in: ['packages/sdk/src/'],
    only: ['packages/sdk/src/', 'node:'],
    typesOnly: ['@keywright/contract'],
    because: "the SDK takes the contract's types and depends on nothing at run time",
  },
  {
    in: ['packages/console/src/'],
    never: ['packages/server/', 'packages/sdk/', 'keywright', 'node:'],
    because: 'the console knows the server by the contract only',
  },
  {
    in: domain.filter((folder) => ![`${server}accounts/`, `${server}mail/`].includes(folder)),
    only: [...domain, '@keywright/contract', 'zod', ...pureNode, ...pureNet],
    because: 'the domain knows no HTTP, no SQL and no environment',
  },
  {
    in: [`${server}accounts/`],
    only: [
      '@zxcvbn-ts/language-common',
      ...domain,
      '@keywright/contract',
      'zod',
      ...pureNode,
      ...pureNet,
      ...authLibrary,
    ],
    because: 'accounts know no HTTP, no SQL and no environment',
  },
  {
    in: [`${server}mail/`],
    only: [...domain, '@keywright/contract', ...pureNode, 'nodemailer'],
    because: 'letters know no HTTP, no SQL and no environment',
  },
  {
    in: [`${server}storage/`],
    never: ['http', 'gateway', 'cli'].map((folder) => `${server}${folder}/`),
    because: 'the stores do not know who calls them',
  },
  {
    in: [`${server}wire/`],
    never: ['http', 'gateway', 'cli', 'storage'].map((folder) => `${server}${folder}/`),
    because: 'what the ways in share knows none of them',
  },
  {
    in: [`${server}http/`],
    never: [`${server}gateway/`, `${server}cli/`, `${server}storage/`],
    because: 'the ways in know neither each other nor the stores behind the interfaces',
  },
  {
    in: [`${server}gateway/`],
    never: [`${server}http/`, `${server}cli/`, `${server}storage/`],
    because: 'the ways in know neither each other nor the stores behind the interfaces',
  },
  {
    in: [`${server}cli/`],
    never: [`${server}http/`, `${server}gateway/`],
    because: 'the ways in do not know each other',
  },
];

/** Files and packages that only these may import. */
const importers = [
  {
    of: `${server}compose.ts`,
    by: [`${server}main.ts`, `${server}cli/`],
    because: 'only main.ts and the commands start everything; what a file needs is passed to it',
  },
  {
    of: `${server}mail/smtp-mailer.ts`,
    by: [`${server}compose.ts`, `${server}cli/`],
    because: 'use cases hand letters in at the post office, and do not know what takes them from there',
  },
  { of: `${server}main.ts`, by: [], because: 'main.ts is where the program begins' },
  ...authPackages.map((of) => ({
    of,
    by: [`${server}accounts/better-auth/`],
    because: 'nothing but accounts/better-auth knows the library behind it',
  })),
];

const environmentReaders = [`${server}config.ts`, `${server}main.ts`, `${server}cli/`];

/**
 * The violations in a set of source files, each a sentence.
 * @param sources the text of every file under `packages/<name>/src`, by its path from the root of the repository
 */
export function findViolations(sources: ReadonlyMap<string, string>): string[] {
  const violations: string[] = [];
  const loads = new Map<string, string[]>();
  for (const [path, source] of sources) {
    if (isTest(path)) continue;
    const imports = readImports(source).map((found) => ({
      ...found,
      target: resolveTarget(path, found.specifier),
    }));
    for (const found of imports) {
      const because = whyForbidden(path, found);
      if (because) violations.push(`${path} must not import ${found.specifier}: ${because}.`);
    }
    if (readsEnvironment(source) && !isWithin(path, environmentReaders)) {
      violations.push(`${path} must not read the environment: only config.ts, main.ts and cli/ do.`);
    }
    loads.set(
      path,
      imports.filter((found) => !found.isTypeOnly).map((found) => found.target),
    );
  }
  for (const cycle of findCycles(loads)) violations.push(`These import each other: ${cycle.join(' → ')}.`);
  return violations;
}

function whyForbidden(path: string, found: Import & { target: string }): string | undefined {
  const { target, names, isTypeOnly } = found;
  if (isTest(target)) return 'tests and what supports them are no part of the product';
  const covers = (list: string[] = []) =>
    isWithin(target, list) || (names.length > 0 && names.every((name) => list.includes(`${target}#${name}`)));

  for (const rule of rules) {
    if (!isWithin(path, rule.in)) continue;
    const isAllowed = !rule.only || covers(rule.only) || (isTypeOnly && covers(rule.typesOnly));
    if (!isAllowed || covers(rule.never)) return rule.because;
  }
  if (target.startsWith('packages/') && packageOf(target) !== packageOf(path)) {
    return 'packages know each other by name';
  }
  return importers.find(({ of, by }) => isWithin(target, [of]) && !isWithin(path, by))?.because;
}

/** A path from the root for what is imported relatively, else the name as it stands. */
function resolveTarget(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}

/** Whether the path or package is in the list, itself or by a folder (`a/b/`), a scheme (`node:`) or its package. */
function isWithin(target: string, list: string[]): boolean {
  return list.some((entry) =>
    /[/:]$/.test(entry) ? target.startsWith(entry) : target === entry || target.startsWith(`${entry}/`),
  );
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|(^|\/)(testing|test-support)\/|^packages\/[^/]+\/test\//.test(path);
}

function packageOf(path: string): string | undefined {
  return path.split('/')[1];
}

/** The circles among the files, each once, as the paths along it with the first one again at the end. */
function findCycles(loads: ReadonlyMap<string, string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const target of loads.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of loads.keys()) visit(path);
  return cycles;
}
