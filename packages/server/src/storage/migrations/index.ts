import type { Engine } from '../engine.ts';
import { initial } from './0001-initial.ts';
import { accounts } from './0002-accounts.ts';
import { limits } from './0003-limits.ts';
import { usage } from './0004-usage.ts';
import { requests } from './0005-requests.ts';
import { scale } from './0007-scale.ts';
import { refusalLists } from './0008-refusal-lists.ts';
import { accountLinks } from './0009-account-links.ts';
import { secondFactors } from './0010-second-factors.ts';
import { gateways } from './0011-gateways.ts';
import { expiredKeys } from './0012-expired-keys.ts';
import { foldedSearch } from './0013-folded-search.ts';
import { usageJournal } from './0014-usage-journal.ts';

/** A migration as a list of statements for an engine. */
export type MigrationStatements = (engine: Engine) => string[];

/** All migrations in order. A released one never changes; a new one goes to the end. */
export const migrations: Readonly<Record<string, MigrationStatements>> = {
  '0001-initial': initial,
  '0002-accounts': accounts,
  '0003-limits': limits,
  '0004-usage': usage,
  '0005-requests': requests,
  '0007-scale': scale,
  '0008-refusal-lists': refusalLists,
  '0009-account-links': accountLinks,
  '0010-second-factors': secondFactors,
  '0011-gateways': gateways,
  '0012-expired-keys': expiredKeys,
  '0013-folded-search': foldedSearch,
  '0014-usage-journal': usageJournal,
};
