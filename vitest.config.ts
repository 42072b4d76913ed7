import { defineConfig } from 'vitest/config';

// The workspace's packages are taken from their sources; the other two are what Vitest would have set itself. It hands
// these to its workers as well, for what they leave to Node's own resolution.
const resolve = { conditions: ['source', 'node', 'development|production'] };

export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    maxWorkers: 2,
    // Native modules (better-sqlite3) and tests that end processes want a process each.
    pool: 'forks',
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['packages/server/test/**/*.test.ts'],
          globalSetup: 'test-support/postgres.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['packages/console/test/**/*.test.ts'],
          globalSetup: 'packages/console/test/support/chromium.ts',
          testTimeout: 120_000,
          // A browser beside other tests on few processors is late now and then. What needed a second try is told of.
          retry: 1,
        },
      },
    ],
  },
});
