import { expect, test } from 'vitest';
import { type Column, formatFields, formatTable } from './table.ts';
import { describeTerminal } from './terminal.ts';

interface Item {
  id: string;
  name: string;
  status: string;
}

const columns: Column<Item>[] = [
  { header: 'ID', text: ({ id }) => id },
  { header: 'NAME', text: ({ name }) => name, mayShrink: true },
  { header: 'STATUS', text: ({ status }) => status, colour: () => 'red' },
];
const items: Item[] = [
  { id: 'key_1', name: 'Production of the day', status: 'revoked' },
  { id: 'key_22', name: '漢字', status: 'active' },
];
const plain = describeTerminal({ stdout: terminal(), env: { NO_COLOR: '1' } });

test('columns are aligned, wide characters or not', () => {
  expect(formatTable(items, columns, { ...plain, width: null }).split('\n')).toEqual([
    'ID      NAME                   STATUS',
    'key_1   Production of the day  revoked',
    'key_22  漢字                   active',
  ]);
});

test('what may shrink is shortened to the width of the terminal, and no further than can be read', () => {
  expect(formatTable(items, columns, { ...plain, width: 30 }).split('\n')[1]).toBe(
    'key_1   Production o…  revoked',
  );
  expect(formatTable(items, columns, { ...plain, width: 5 }).split('\n')[1]).toBe(
    'key_1   Product…  revoked',
  );
});

test('colours are for terminals, and not with NO_COLOR', () => {
  const paintAt = (isTTY: boolean, env: Record<string, string>) =>
    describeTerminal({ stdout: terminal(isTTY), env }).paint('x', 'red');
  expect(paintAt(true, {})).toBe('\u001b[31mx\u001b[39m');
  expect(paintAt(true, { NO_COLOR: '1' })).toBe('x');
  expect(paintAt(true, { TERM: 'dumb' })).toBe('x');
  expect(paintAt(false, {})).toBe('x');
});

test('nothing in a cell steers the terminal or breaks the line', () => {
  const evil = [{ id: 'key_1', name: 'a\u001b[2Jb\nc', status: 'active' }];
  const text = formatTable(evil, columns, { ...plain, width: null });
  expect(text).not.toContain('\u001b');
  expect(text.split('\n')).toHaveLength(2);
  expect(formatFields([['Name', 'a\u001b[2Jb']])).toBe('Name  a\\u{1b}[2Jb');
});

function terminal(isTTY = true) {
  return { isTTY, columns: 80 } as never;
}
