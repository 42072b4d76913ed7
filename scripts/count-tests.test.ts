import { expect, test } from 'vitest';
import { countTests } from './count-tests.ts';

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };
const unloadable = { status: 'failed', assertionResults: [] };
const report = (numPassedTests: number, numFailedTests: number, testResults: (typeof passed)[]) => ({
  ...{ numPassedTests, numFailedTests, testResults },
  numPendingTests: 2,
  numTodoTests: 1,
});

test('counts tests', () => {
  expect(countTests(report(5, 0, [passed]), 0)).toEqual({ passed: 5, failed: 0, skipped: 3 });
  expect(countTests(report(4, 1, [passed, failed]), 1)).toEqual({ passed: 4, failed: 1, skipped: 3 });
});

test('counts a file that could not be loaded as one failure', () => {
  expect(countTests(report(4, 1, [passed, failed, unloadable]), 1)).toMatchObject({ passed: 4, failed: 2 });
});

test('counts a run that ended badly as one failure although every test passed', () => {
  expect(countTests(report(5, 0, [passed]), 1)).toMatchObject({ passed: 5, failed: 1 });
  expect(countTests(report(5, 0, [passed]), null)).toMatchObject({ passed: 5, failed: 1 });
  expect(countTests(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
