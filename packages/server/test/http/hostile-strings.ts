/** Strings that mean something to a database, a template or a pattern. */
export const sql = [
  "'; DROP TABLE keys; --",
  "' OR '1'='1",
  '1; SELECT pg_sleep(10)',
  '$1',
  '?',
  ':name',
  '\\',
  '%_%',
  "E'\\x00'",
  '#{7*7}',
  '{{7*7}}',
];

/** Characters that storages refuse, terminals obey and lists stumble over. */
export const control = [
  '\0',
  'a\0b',
  '\u0001',
  '\u001b[31m',
  '\u007f',
  '\r\nX-Injected: 1',
  '\ud800',
  'a\udfff',
  '\ufeff',
  '\u2028',
];
