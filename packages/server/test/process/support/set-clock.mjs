/*
 * Loaded into a service before anything else: its clocks are ahead by as many milliseconds as the file says that
 * TEST_CLOCK_FILE names, the wall clock and the monotonic one. So a machine looks whose clock was set, that was suspended,
 * or on which time went by; what comes once a minute, or less often, comes each second.
 */
import { readFileSync } from 'node:fs';

const RealDate = globalThis.Date;
const realNow = performance.now.bind(performance);
const realSetTimeout = globalThis.setTimeout;
const read = () => JSON.parse(readFileSync(process.env.TEST_CLOCK_FILE ?? '', 'utf8'));
const now = () => RealDate.now() + read().wall;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};
performance.now = () => realNow() + read().monotonic;
globalThis.setTimeout = Object.assign(
  (run, ms, ...given) => realSetTimeout(run, ms >= 60_000 ? 1000 : ms, ...given),
  realSetTimeout,
);
