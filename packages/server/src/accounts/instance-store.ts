import type { Instance } from '@keywright/contract';
import type { SecretHash } from '../keys/secret-format.ts';
import type { LockMode } from '../projects/project-store.ts';

/** The settings of the whole instance, and the set-up link that is out as long as nobody administers it. */
export interface InstanceStore {
  find(): Promise<Instance>;
  /** Who may sign up stays as it is until the transaction ends. */
  lock(mode: LockMode): Promise<Instance>;
  update(instance: Instance): Promise<void>;
  /** What the link that is out holds; null: there is none. */
  findSetupToken(): Promise<SecretHash | null>;
  setSetupToken(token: SecretHash | null): Promise<void>;
}
