import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { parseCsv } from './parse-csv.ts';

const hash = 'ab'.repeat(32);

test('rows become keys, and empty cells are left out', () => {
  const text = [
    'sha256,name,ownerId,scopes,metadata,ipAllow',
    `${hash},"Key, with a comma",customer-1,orders:read  orders:write,"{""plan"":""gold""}",10.0.0.0/8 ::1`,
    '',
    `${hash},"two`,
    'lines",,,,',
  ].join('\r\n');
  expect(parseCsv(text)).toEqual([
    {
      place: 'line 2',
      fault: null,
      value: {
        sha256: hash,
        name: 'Key, with a comma',
        ownerId: 'customer-1',
        scopes: ['orders:read', 'orders:write'],
        metadata: { plan: 'gold' },
        ipAllow: ['10.0.0.0/8', '::1'],
      },
    },
    { place: 'line 5', fault: null, value: { sha256: hash, name: 'two\nlines' } },
  ]);
});

test('a row with too few or too many cells, or with broken JSON, is a fault of that row', () => {
  const text = `sha256,name,metadata\n${hash}\n${hash},a,b,c\n${hash},a,{x\n${hash},good,\n`;
  expect(parseCsv(text).map(({ fault }) => fault)).toEqual([
    'has 1 cell where the first line names 3',
    'has 4 cells where the first line names 3',
    'has no JSON in metadata',
    null,
  ]);
});

describe('what is no such table', () => {
  test.each([
    [`sha256,name,secret\n${hash},a,s3cret`, /columns, and has 1 that no key has/],
    [`sha256;name\n${hash};a`, /semicolons seem to stand between/],
    [`sha256\tname\n${hash}\ta`, /tabs seem to stand between/],
    [`sha256,sha256,name\n${hash},${hash},a`, /twice/],
    [`sha256,name\n${hash},"open`, /no CSV/],
    [`sha256,name\n${hash},a"b"\n`, /no CSV at line 2/],
  ])('%j is refused without repeating it', (text, why) => {
    const refused = (() => {
      try {
        return parseCsv(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message).toMatch(why);
    expect((refused as Error).message).not.toContain(hash.slice(0, 8));
  });
});
