/*
 * Loaded into a service before anything else: its wall clock is ahead by as many milliseconds as the file says that
 * TEST_CLOCK_FILE names, or behind; its monotonic clock goes on as it does. So a machine looks whose clock was set, and
 * so one that was suspended.
 */
import { readFileSync } from 'node:fs';

const RealDate = globalThis.Date;
const offsetMs = () => Number(readFileSync(process.env.TEST_CLOCK_FILE ?? '', 'utf8'));
const now = () => RealDate.now() + offsetMs();

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};
