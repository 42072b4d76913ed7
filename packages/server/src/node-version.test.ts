import { expect, test } from 'vitest';
import { checkNodeVersion } from './node-version.ts';

test.each(['24.0.0', '24.21.0', '25.0.0-nightly', '100.1.0'])('%s is new enough', (version) => {
  expect(checkNodeVersion(version)).toBeNull();
});

test.each(['18.20.4', '20.19.0', '23.11.0', '', 'x'])(
  '%j is not, and a sentence says what to do',
  (version) => {
    expect(checkNodeVersion(version)).toBe(
      `Keywright needs Node.js 24 or newer, and this is Node.js ${version}: install a newer one (https://nodejs.org).`,
    );
  },
);
