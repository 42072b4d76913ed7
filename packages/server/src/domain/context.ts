import type { Propagation } from '@keywright/contract';
import type { AccountStore } from '../accounts/account-store.ts';
import type { AuthRecordStore } from '../accounts/auth-records.ts';
import type { InstanceStore } from '../accounts/instance-store.ts';
import type { LinkStore } from '../accounts/link-store.ts';
import type { PasskeyStore } from '../accounts/passkey-store.ts';
import type { PersonalDataStore } from '../accounts/personal-data-store.ts';
import type { SecondFactorStore } from '../accounts/second-factor-store.ts';
import type { ChannelStore } from '../channels/channel-store.ts';
import type { IdempotencyStore } from '../idempotency/idempotency-store.ts';
import type { ImportStore } from '../keys/import-store.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { QuotaHoldings, QuotaStore } from '../keys/quota-store.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { AuthorityStore } from '../members/authority-store.ts';
import type { InvitationStore } from '../members/invitation-store.ts';
import type { MemberStore } from '../members/member-store.ts';
import type { ProjectStore } from '../projects/project-store.ts';
import type { ServiceKeyStore } from '../service-keys/service-key-store.ts';
import type { RefusalStore } from '../usage/refusal-store.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import type { Caller } from './caller.ts';
import type { Clock } from './clock.ts';

/** All that is kept, as the use cases see it: in one transaction, or for reading. */
export interface Stores {
  projects: ProjectStore;
  channels: ChannelStore;
  keys: KeyStore;
  imports: ImportStore;
  quotas: QuotaStore;
  idempotency: IdempotencyStore;
  serviceKeys: ServiceKeyStore;
  ledger: LedgerStore;
  authority: AuthorityStore;
  members: MemberStore;
  invitations: InvitationStore;
  accounts: AccountStore;
  links: LinkStore;
  authRecords: AuthRecordStore;
  secondFactors: SecondFactorStore;
  passkeys: PasskeyStore;
  instance: InstanceStore;
  usage: UsageStore;
  refusals: RefusalStore;
  personalData: PersonalDataStore;
}

/** What a change did: the answer for its caller, and what the ledger shall say (nothing, if there was nothing to do). */
export interface ChangeOutcome<T> {
  value: T;
  entries: LedgerEntry[];
}

interface Committed<T> {
  value: T;
  /** The ledger's `seq` that a barrier waits for. */
  seq: number;
}

interface ChangeOptions {
  /** Takes a lock that stands before all others, that of the caller's own memberships among them. */
  lockFirst?(stores: Stores): Promise<void>;
}

/**
 * Runs a change in one transaction, appends its entries to the ledger last, commits, and wakes the followers.
 * @throws forbidden when the caller lost authority since it was asked who it is
 */
export type Change = <T>(
  caller: Caller,
  run: (stores: Stores, now: number) => Promise<ChangeOutcome<T>>,
  options?: ChangeOptions,
) => Promise<Committed<T>>;

/** What every use case is given. */
export interface Context {
  /**
   * What is wrong with the address of an upstream, as the end of a sentence; null: nothing. Not to be called inside of a
   * change: it may ask the network.
   */
  findUpstreamFault(upstream: string): Promise<string | null>;
  change: Change;
  /** For lists, searches and single reads outside of changes. */
  stores: Stores;
  /** What is in the database as used of quotas, and not spent yet. */
  holdings: QuotaHoldings;
  /** Waits until this process answers by what the ledger says up to `seq`. */
  follow(seq: number): Promise<void>;
  /** Waits until no node can answer from a memory older than `seq`. */
  barrier(seq: number): Promise<Propagation>;
  clock: Clock;
  /** Writes what was counted of verifications until now, if the database takes it. */
  flushUsage(): Promise<unknown>;
  /**
   * Takes what was deleted out of the files of the database too, as far as it can be done while others work. Waits for
   * nobody longer than some seconds; what it leaves goes with what is written later.
   */
  scrub(): Promise<void>;
}
