import { describe, expect, test } from 'vitest';
import { type Config, type Environment, readClientConfig, readConfig } from './config.ts';
import { generateSecret } from './keys/secret-format.ts';

const token = generateSecret('kws').reveal();
const files: Record<string, string> = {
  '/srv/token': `${token}\n`,
  '/run/secrets/url': 'postgres://kw:pw@db/kw\r\n',
  '/run/secrets/empty': '\n',
  '/run/secrets/smtp': 'smtp://kw:hunter2@[::1]\n',
  '/run/secrets/metrics': '0123456789abcdef',
  '/run/secrets/marked': '\uFEFFcorrect horse\r\n',
};

test('without any setting everything has its default, and it is frozen', () => {
  const config = configOf({});
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 8787,
    dataDir: '/srv/data',
    databaseUrl: null,
    publicUrl: null,
    bootstrapKey: null,
    metricsToken: null,
    secret: null,
    adminEmail: null,
    adminPassword: null,
    trustedProxies: [],
    smtpUrl: null,
    mailFrom: null,
    authPort: null,
    authHost: null,
    authCallers: null,
    authToken: null,
    gatewayPort: 8788,
    gatewayHost: null,
    gatewayDomain: null,
    upstreamAllow: [],
    upstreamTimeout: 60,
    accessLog: true,
    logLevel: 'info',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('the environment sets everything', () => {
  const config = configOf({
    KEYWRIGHT_HOST: '::1',
    KEYWRIGHT_PORT: '0',
    KEYWRIGHT_DATA_DIR: '../kw',
    KEYWRIGHT_DATABASE_URL: 'postgresql://db/kw?sslmode=require',
    KEYWRIGHT_PUBLIC_URL: 'https://Keys.example.com/base/',
    KEYWRIGHT_BOOTSTRAP_KEY: token,
    KEYWRIGHT_METRICS_TOKEN: '0123456789abcdef',
    KEYWRIGHT_SECRET: '0123456789abcdef0123456789abcdef',
    KEYWRIGHT_ADMIN_EMAIL: 'Root@Example.com',
    KEYWRIGHT_ADMIN_PASSWORD: 'a lamp beside the sea',
    KEYWRIGHT_TRUSTED_PROXIES: '10.0.0.1, 2001:db8::/32',
    KEYWRIGHT_SMTP_URL: 'smtps://us%40er:p%3Aw%20lamp@mail.example.com',
    KEYWRIGHT_MAIL_FROM: 'Acme keys <Keys@Acme.example>',
    KEYWRIGHT_AUTH_PORT: '9001',
    KEYWRIGHT_AUTH_HOST: '0.0.0.0',
    KEYWRIGHT_AUTH_CALLERS: '10.1.0.0/16,::1',
    KEYWRIGHT_AUTH_TOKEN: 'said-by-the-proxies',
    KEYWRIGHT_GATEWAY_PORT: 'off',
    KEYWRIGHT_GATEWAY_HOST: '::',
    KEYWRIGHT_GATEWAY_DOMAIN: 'API.example.com',
    KEYWRIGHT_UPSTREAM_ALLOW: '127.0.0.0/8, 10.2.0.0/16',
    KEYWRIGHT_UPSTREAM_TIMEOUT: '5',
    KEYWRIGHT_ACCESS_LOG: 'off',
    KEYWRIGHT_LOG_LEVEL: 'debug',
    PATH: '/bin',
  });
  expect(config).toMatchObject({
    host: '::1',
    port: 0,
    dataDir: '/kw',
    databaseUrl: 'postgresql://db/kw?sslmode=require',
    publicUrl: 'https://keys.example.com/base',
    adminEmail: 'root@example.com',
    trustedProxies: ['10.0.0.1', '2001:db8::/32'],
    smtpUrl: { host: 'mail.example.com', port: 465, isSecure: true, credentials: { user: 'us@er' } },
    mailFrom: { name: 'Acme keys', address: 'keys@acme.example' },
    authPort: 9001,
    authHost: '0.0.0.0',
    authCallers: ['10.1.0.0/16', '::1'],
    gatewayPort: null,
    gatewayHost: '::',
    gatewayDomain: 'api.example.com',
    upstreamAllow: ['127.0.0.0/8', '10.2.0.0/16'],
    upstreamTimeout: 5,
    accessLog: false,
    logLevel: 'debug',
  });
  expect(config.smtpUrl?.credentials?.password.reveal()).toBe('p:w lamp');
  expect(config.bootstrapKey?.reveal()).toBe(token);
  expect(config.metricsToken?.reveal()).toBe('0123456789abcdef');
  expect(config.secret?.reveal()).toBe('0123456789abcdef0123456789abcdef');
  expect(config.authToken?.reveal()).toBe('said-by-the-proxies');
  expect(config.adminPassword?.reveal()).toBe('a lamp beside the sea');
  for (const secret of [token, 'abcdef0123', 'lamp', 'said-by'])
    expect(JSON.stringify(config)).not.toContain(secret);
});

test('flags win over the environment, whichever form each has', () => {
  const env = { KEYWRIGHT_PORT: '1', KEYWRIGHT_DATABASE_URL_FILE: '/nowhere', KEYWRIGHT_HOST: 'example.com' };
  const config = configOf(env, { port: '2', databaseUrl: 'postgres://db/x', json: true });
  expect(config).toMatchObject({ port: 2, databaseUrl: 'postgres://db/x', host: 'example.com' });
});

test('secrets are read from files, without the newline at their end and the mark at their beginning', () => {
  const admin = {
    KEYWRIGHT_ADMIN_EMAIL: 'a@a.example',
    KEYWRIGHT_ADMIN_PASSWORD_FILE: '/run/secrets/marked',
  };
  expect(configOf(admin).adminPassword?.reveal()).toBe('correct horse');
  expect(configOf({ KEYWRIGHT_DATABASE_URL_FILE: '/run/secrets/url' }).databaseUrl).toBe(
    'postgres://kw:pw@db/kw',
  );
  expect(configOf({ KEYWRIGHT_BOOTSTRAP_KEY_FILE: 'token' }).bootstrapKey?.reveal()).toBe(token);
  expect(configOf({}, { metricsTokenFile: '/run/secrets/metrics' }).metricsToken?.reveal()).toBe(
    '0123456789abcdef',
  );
});

test('relative paths start where npm was called', () => {
  expect(configOf({ INIT_CWD: '/home/ana', KEYWRIGHT_DATA_DIR: 'kw' }).dataDir).toBe('/home/ana/kw');
  expect(configOf({ INIT_CWD: '/home/ana' }).dataDir).toBe('/home/ana/data');
});

describe('a fault is one sentence', () => {
  test.each<[Environment, string]>([
    [
      { KEYWRIGHT_PORT: 'http' },
      'KEYWRIGHT_PORT must be a whole number from 0 to 65535 (0 takes a free one), but is "http".',
    ],
    [
      { KEYWRIGHT_LOG_LEVEL: 'loud' },
      'KEYWRIGHT_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud".',
    ],
    [{ KEYWRIGHT_HOST: '' }, 'KEYWRIGHT_HOST is empty: give it a value or leave it out.'],
    [
      { KEYWRIGHT_METRICS_TOKEN: 'short' },
      'KEYWRIGHT_METRICS_TOKEN must be at least 16 printable ASCII characters without spaces.',
    ],
    [
      { KEYWRIGHT_METRICS_TOKEN: 'x', KEYWRIGHT_METRICS_TOKEN_FILE: 'y' },
      'KEYWRIGHT_METRICS_TOKEN and KEYWRIGHT_METRICS_TOKEN_FILE are both set: keep one.',
    ],
    [
      { KEYWRIGHT_METRICS_TOKEN_FILE: 'nowhere' },
      'The file that KEYWRIGHT_METRICS_TOKEN_FILE names does not exist (a relative path starts at /srv).',
    ],
    [
      { KEYWRIGHT_METRICS_TOKEN_FILE: '/forbidden' },
      'The file that KEYWRIGHT_METRICS_TOKEN_FILE names may not be read by the user that Keywright runs as.',
    ],
    [
      { KEYWRIGHT_METRICS_TOKEN_FILE: '/run/secrets/empty' },
      'The file that KEYWRIGHT_METRICS_TOKEN_FILE names is empty.',
    ],
    [{ KEYWRIGHT_PROT: '1' }, 'KEYWRIGHT_PROT is not a setting of Keywright: did you mean KEYWRIGHT_PORT?'],
    [{ keywright_host: 'x' }, 'keywright_host is not a setting of Keywright: did you mean KEYWRIGHT_HOST?'],
    [
      { KEYWRIGHT_HOST_FILE: 'x' },
      'KEYWRIGHT_HOST_FILE is not a setting of Keywright: take it out of the environment.',
    ],
    [{ KEYWRIGHT_: '' }, 'KEYWRIGHT_ is not a setting of Keywright: take it out of the environment.'],
  ])('%j', (env, fault) => {
    expect(faultsOf(env)).toEqual([fault]);
  });

  test('and names a flag where a flag has it', () => {
    expect(faultsOf({}, { port: '-1' })[0]).toMatch(/^--port must be /);
    expect(faultsOf({}, { databaseUrl: 'postgres://x', databaseUrlFile: 'y' })).toEqual([
      '--database-url and --database-url-file are both set: keep one.',
    ]);
    expect(faultsOf({}, { bootstrapKeyFile: '/run/secrets/metrics' })[0]).toMatch(
      /^The content of the file that --bootstrap-key-file names must be a token/,
    );
  });

  test('and all of them come together', () => {
    const env = { KEYWRIGHT_PORT: 'x', KEYWRIGHT_HOST: '-', KEYWRIGHT_LOG_LEVEL: '', KEYWRIGHT_FOO: '1' };
    expect(faultsOf(env)).toHaveLength(4);
  });
});

/** What a setting is of no use without. */
const besides: Record<string, Environment> = {
  SMTP_URL: { KEYWRIGHT_MAIL_FROM: 'a@a.example' },
  MAIL_FROM: { KEYWRIGHT_SMTP_URL: 'smtp://localhost' },
};

describe('what is refused', () => {
  test.each([
    [
      'HOST',
      [
        '127.0.0.256',
        '8787',
        'a b',
        '[::1]',
        'http://localhost',
        'localhost:80',
        '*',
        'a..b',
        '-a',
        `${'a'.repeat(64)}.com`,
      ],
    ],
    ['PORT', ['-1', '65536', '1.5', '1e3', '0x50', ' 80', '80 ', '８０', 'tcp://10.0.0.1:8787', '999999']],
    ['DATA_DIR', ['a\0b', ' ', '/data ', '/data\n', '\uFEFF/data', '"/data"', "'/data'"]],
    [
      'DATABASE_URL',
      [
        'mysql://db/x',
        'db:5432/x',
        'postgres:db',
        'postgres://[',
        'postgres://u:100%@db/x',
        'sqlite:x',
        ' postgres://db',
        'postgres://one,other/kw',
        'postgres://u:p@one:5432,other:5432/kw?target_session_attrs=read-write',
      ],
    ],
    [
      'PUBLIC_URL',
      [
        'keys.example.com',
        'ftp://a',
        'https://',
        'https://u:p@a',
        'https://a?b',
        'https://a/?',
        'https://a#b',
        'javascript:x',
      ],
    ],
    [
      'BOOTSTRAP_KEY',
      [
        'x',
        token.slice(1),
        `${token}\n`,
        ` ${token}`,
        token.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ],
    ],
    ['METRICS_TOKEN', ['0123456789abcde', '0123456789abcde\n', '0123456789 abcdef', '0123456789abcdé']],
    ['SECRET', ['0'.repeat(31), `${'0'.repeat(31)}é`, `${'0'.repeat(31)} 0`]],
    ['ADMIN_EMAIL', ['root', 'root@', '@example.com', 'a b@example.com']],
    [
      'SMTP_URL',
      [
        'mail.example.com:587',
        'http://mail.example.com',
        'smtp://',
        'smtp:mail',
        'smtp://a b',
        'smtp://mail/path',
        'smtps://mail?tls.rejectUnauthorized=false',
        'smtp://mail#x',
        'smtp://user@mail',
        'smtp://:password@mail',
        'smtp://u:100%@mail',
        'smtp://mail:99999',
      ],
    ],
    [
      'MAIL_FROM',
      [
        'keys',
        'keys@',
        'A <keys@a.example',
        'a@a.example, b@a.example',
        'A\r\nBcc: x <a@a.example>',
        'A <a@a.example> <b@a.example>',
        'A <"b, c"@a.example>',
      ],
    ],
    ['TRUSTED_PROXIES', ['10.0.0.0/33', '10.0.0.1,', 'localhost', '10.0.0.1 10.0.0.2', '*']],
    ['AUTH_PORT', ['off', '-1', '65536', ' 80']],
    ['AUTH_HOST', ['127.0.0.256', 'a b', 'localhost:80']],
    ['AUTH_CALLERS', ['10.0.0.0/33', 'proxy.internal', '*']],
    ['AUTH_TOKEN', ['short', '0123456789 abcdef', '0123456789abcdé']],
    ['GATEWAY_PORT', ['OFF', 'none', '-1', '65536', '80.5']],
    ['GATEWAY_HOST', ['*', 'http://x']],
    [
      'GATEWAY_DOMAIN',
      ['localhost', '*.example.com', 'https://a.example', 'a.example:80', '10.0.0.1', 'a..b'],
    ],
    ['UPSTREAM_ALLOW', ['10.0.0.0/33', 'localhost', '*']],
    ['UPSTREAM_TIMEOUT', ['0', '-1', '3601', '1.5', '5s', '1e2', '99999']],
    ['ACCESS_LOG', ['ON', 'true', '1', 'yes']],
    ['LOG_LEVEL', ['INFO', 'verbose', '30', 'toString']],
  ])('as %s', (name, values) => {
    for (const value of values) {
      expect(faultsOf({ ...besides[name], [`KEYWRIGHT_${name}`]: value }), value).toHaveLength(1);
    }
  });
});

describe('what is taken', () => {
  test.each([
    ['HOST', ['0.0.0.0', '::', 'fe80::1%eth0', 'localhost', 'key-server_1.internal', 'a.b.c']],
    ['PORT', ['0', '1', '65535']],
    [
      'DATABASE_URL',
      [
        'postgres://u:p%40ss@db:5432/x',
        'postgresql:///kw?host=/run/postgresql',
        'postgres://db',
        'postgres://u,v:p,q@db/x',
      ],
    ],
    [
      'SMTP_URL',
      ['smtp://localhost', 'SMTP://127.0.0.1:25', 'smtps://u:p%40%3A@mail.example.com/', 'smtp://[::1]:1025'],
    ],
    [
      'MAIL_FROM',
      [
        'a@a.example',
        ' Acme <a@a.example> ',
        '"Acme, Inc." <a@a.example>',
        '<a@a.example>',
        'Ä 🗝️ <a@a.example>',
      ],
    ],
    ['PUBLIC_URL', ['http://localhost:8787', 'https://a/b/c//', 'HTTPS://A']],
    ['AUTH_PORT', ['0', '65535']],
    ['GATEWAY_PORT', ['0', '8788', 'off']],
    ['GATEWAY_DOMAIN', ['api.example.com', 'a.b']],
    ['UPSTREAM_TIMEOUT', ['1', '3600']],
    ['ACCESS_LOG', ['on', 'off']],
  ])('as %s', (name, values) => {
    for (const value of values) {
      expect(faultsOf({ ...besides[name], [`KEYWRIGHT_${name}`]: value }), value).toEqual([]);
    }
  });
});

test('an administrator has both an address and a password, or there is none', () => {
  expect(faultsOf({ KEYWRIGHT_ADMIN_EMAIL: 'root@example.com' })).toEqual([
    expect.stringContaining('belong together'),
  ]);
  expect(faultsOf({ KEYWRIGHT_ADMIN_PASSWORD: 'a lamp beside the sea' })).toHaveLength(1);
});

test('e-mail has both a server and a sender, or there is none', () => {
  for (const env of [
    { KEYWRIGHT_SMTP_URL: 'smtp://localhost' },
    { KEYWRIGHT_MAIL_FROM: 'a@a.example' },
  ] satisfies Environment[])
    expect(faultsOf(env)).toEqual([
      'KEYWRIGHT_SMTP_URL and KEYWRIGHT_MAIL_FROM belong together: set both or neither of them.',
    ]);
});

test('the server for e-mail is read whole, from a file too, and its password does not show', () => {
  const env = {
    KEYWRIGHT_MAIL_FROM: '"Acme, Inc." <a@a.example>',
    KEYWRIGHT_SMTP_URL_FILE: '/run/secrets/smtp',
  };
  const config = configOf(env);
  expect(config.smtpUrl).toMatchObject({
    host: '::1',
    port: 587,
    isSecure: false,
    credentials: { user: 'kw' },
  });
  expect(config.mailFrom).toEqual({ name: 'Acme, Inc.', address: 'a@a.example' });
  expect(JSON.stringify(config)).not.toContain('hunter2');
});

test('an address of several servers is told from one that is no address', () => {
  for (const url of ['postgres://one,other/kw', 'postgres://u:p@one:5432,other:5432/kw'])
    expect(faultsOf({ KEYWRIGHT_DATABASE_URL: url })).toEqual([
      expect.stringMatching(/^KEYWRIGHT_DATABASE_URL must name one server;/),
    ]);
});

test('no fault repeats a secret', () => {
  const values = {
    KEYWRIGHT_DATABASE_URL: 'mysql://kw:hunter2@db/kw',
    KEYWRIGHT_PUBLIC_URL: 'https://admin:hunter2@example.com',
    KEYWRIGHT_BOOTSTRAP_KEY: 'kws_hunter2',
    KEYWRIGHT_METRICS_TOKEN: 'hunter2',
    KEYWRIGHT_SMTP_URL: 'smtp://kw:hunter2@mail/path',
    KEYWRIGHT_MAIL_FROM: 'keys@example.com',
    KEYWRIGHT_HOST: 'postgres://kw:hunter2@db/kw',
    KEYWRIGHT_PORT: token,
    KEYWRIGHT_BOTSTRAP_KEY: 'hunter2',
  };
  const faults = faultsOf(values);
  expect(faults).toHaveLength(8);
  expect(faults.join()).not.toContain('hunter2');
  expect(faults.join()).not.toContain(token);
  expect(faultsOf({ KEYWRIGHT_BOOTSTRAP_KEY_FILE: token }).join()).not.toContain(token);
});

test('what Kubernetes sets beside a service of that name is no setting, but only there', () => {
  const links = {
    KEYWRIGHT_PORT: 'tcp://10.0.0.1:8787',
    KEYWRIGHT_SERVICE_HOST: '10.0.0.1',
    KEYWRIGHT_SERVICE_PORT: '8787',
    KEYWRIGHT_SERVICE_PORT_HTTP: '8787',
    KEYWRIGHT_PORT_8787_TCP: 'tcp://10.0.0.1:8787',
    KEYWRIGHT_PORT_8787_TCP_PROTO: 'tcp',
    KEYWRIGHT_DB_PORT: 'tcp://10.0.0.2:5432',
    KEYWRIGHT_DB_SERVICE_HOST: '10.0.0.2',
  };
  expect(configOf({ ...links, KUBERNETES_SERVICE_HOST: '10.0.0.9' }).port).toBe(8787);
  expect(faultsOf(links)).toHaveLength(Object.keys(links).length);
  expect(configOf({ ...links, KEYWRIGHT_PORT: '9000', KUBERNETES_SERVICE_HOST: '10.0.0.9' }).port).toBe(9000);
});

function configOf(env: Environment, flags: Record<string, unknown> = {}): Config {
  const result = read(env, flags);
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  return result.config;
}

function faultsOf(env: Environment, flags: Record<string, unknown> = {}): string[] {
  const result = read(env, flags);
  return 'faults' in result ? result.faults : [];
}

function read(env: Environment, flags: Record<string, unknown>): ReturnType<typeof readConfig> {
  return readConfig(env, flags, { cwd: '/srv', readFile });
}

function readFile(path: string): string {
  const content = files[path];
  if (content !== undefined) return content;
  throw Object.assign(new Error(`cannot read ${path}`), {
    code: path === '/forbidden' ? 'EACCES' : 'ENOENT',
  });
}

test('a fault that ends with a question ends there', () => {
  const env = { KEYWRIGHT_URL: 'http://127.0.0.1:1', KEYWRIGHT_SERVICE_KEY: 'kws_half' };
  const readFile = () => '';
  expect(readClientConfig(env, {}, { cwd: '/srv', readFile })).toEqual({
    faults: [
      expect.stringMatching(/^KEYWRIGHT_SERVICE_KEY must be a service key .+: was it copied whole\?$/),
    ],
  });
});
