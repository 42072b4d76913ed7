import { Upkeep, type UpkeepOptions } from '../domain/upkeep.ts';
import { wishesKeptMs } from './link-lifetime.ts';

/** Forgets links that have expired, and addresses that were asked for and never confirmed. */
export class LinkUpkeep extends Upkeep {
  constructor(options: UpkeepOptions) {
    super(options, {
      what: 'links that have expired',
      forget: ({ links }, now, limit) => links.forget({ now, pendingSince: now - wishesKeptMs }, limit),
    });
  }
}
