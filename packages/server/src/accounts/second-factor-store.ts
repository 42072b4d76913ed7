/** What makes the codes of an account's second factor. Secret and backup codes are sealed: see `SecondFactorVault`. */
export interface StoredSecondFactor {
  secret: string;
  backupCodes: string;
  /** False: it was begun, and no code has shown yet that an app has the secret. */
  isOn: boolean;
  /** The time step of the code that was accepted last; null: none was yet. */
  lastStep: number | null;
  /** Since when it is on. */
  since: number | null;
}

export interface SecondFactorStore {
  find(accountId: string): Promise<StoredSecondFactor | null>;
  /** As `find`; nobody else changes it until the transaction ends. */
  lock(accountId: string): Promise<StoredSecondFactor | null>;
  /**
   * Keeps a secret that is to be shown to an app, instead of one that was begun before.
   * @returns false when one is on; nothing is written then
   */
  begin(accountId: string, sealed: { secret: string; backupCodes: string }): Promise<boolean>;
  turnOn(accountId: string, fields: { backupCodes: string; step: number; at: number }): Promise<void>;
  /** @returns false when there was none that was on */
  turnOff(accountId: string): Promise<boolean>;
  /** The code of this time step was used. @returns false when it, or one of a later step, was before */
  useStep(accountId: string, step: number): Promise<boolean>;
  setBackupCodes(accountId: string, sealed: string): Promise<void>;
}
