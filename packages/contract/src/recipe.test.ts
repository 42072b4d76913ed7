import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillRecipe, recipeAddress, recipeExample } from './recipe.ts';

const folder = join(import.meta.dirname, '../../../docs/gateways');
const files = readdirSync(folder).filter((name) => name !== 'README.md' && name !== 'keywright.lua');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

const values = {
  channel: 'orders',
  keywright: 'keys.internal:8443',
  upstream: '10.1.2.3:3000',
  listen: '80',
  token: 'a-token',
};

describe('fillRecipe', () => {
  it('puts all values in at once, so that one that looks like an example stays', () => {
    const text = 'my-channel 127.0.0.1:8787 127.0.0.1:9000 8080';
    const swapped = { channel: '8080', keywright: '127.0.0.1:9000', upstream: '127.0.0.1:8787', listen: '1' };
    expect(fillRecipe(text, swapped)).toBe('8080 127.0.0.1:9000 127.0.0.1:8787 1');
  });

  it('takes the line of the token into use only with a token', () => {
    const text = 'one {\n    # Where a token is wanted:\n    # set X-Keywright-Token your-auth-token;\n}';
    const { token: _, ...withoutToken } = values;
    expect(fillRecipe(text, withoutToken)).toBe(text);
    expect(fillRecipe(text, { ...values, token: '$&$1' })).toBe(
      'one {\n    # Where a token is wanted:\n    set X-Keywright-Token $&$1;\n}',
    );
  });

  it('writes host and port apart where a file does', () => {
    expect(fillRecipe('{ address: 127.0.0.1, port_value: 9000 }', values)).toBe(
      '{ address: 10.1.2.3, port_value: 3000 }',
    );
  });

  it.each(files)('leaves no example in %s', (name) => {
    const filled = fillRecipe(read(name), values);
    for (const example of Object.values(recipeExample)) expect(filled).not.toContain(example);
    for (const needed of [values.channel, values.token]) expect(filled).toContain(needed);
    expect(filled).toMatch(/keys\.internal(:|, port_value: )8443/);
  });

  it.each(files)('changes nothing in %s where the values are the examples', (name) => {
    const { token: _, ...examples } = recipeExample;
    expect(fillRecipe(read(name), examples)).toBe(read(name));
  });
});

describe('recipeAddress', () => {
  it.each([
    ['http://127.0.0.1:9000/base', '127.0.0.1:9000'],
    ['http://api.internal', 'api.internal:80'],
    ['https://api.internal/', 'api.internal:443'],
    ['http://[::1]:9000', '[::1]:9000'],
  ])('takes host and port out of %s', (url, address) => {
    expect(recipeAddress(url)).toBe(address);
  });
});
