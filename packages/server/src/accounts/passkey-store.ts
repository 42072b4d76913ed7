/** A passkey as its owner sees it. */
export interface StoredPasskey {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

export interface PasskeyStore {
  /** Oldest first. */
  list(accountId: string): Promise<StoredPasskey[]>;
  /** @returns false when the account has no such passkey */
  rename(accountId: string, id: string, name: string): Promise<boolean>;
  /** @returns it as it was; null: the account has no such passkey */
  remove(accountId: string, id: string): Promise<StoredPasskey | null>;
  /** @returns those that there were */
  removeAll(accountId: string): Promise<StoredPasskey[]>;
}
