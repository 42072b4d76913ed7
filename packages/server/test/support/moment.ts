import { expect } from 'vitest';

/** By how much the service's notion of the database's time may be off: it is half of what a measurement took. */
const clockErrorMs = 2000;

/** A time that the service tells lies between a moment of the test and now. */
export function expectSince(before: number, time: string | null | undefined): void {
  const at = Date.parse(time ?? '');
  expect(at).toBeGreaterThan(before - clockErrorMs);
  expect(at).toBeLessThan(Date.now() + clockErrorMs);
}
