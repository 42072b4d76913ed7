/** What of a second factor has to do with cryptography. */
export interface SecondFactorVault {
  /** A secret that authenticator apps make codes from. */
  newSecret(): string;
  /** The secret as apps take it: in base32 to be typed, and as an address to be read from a picture. */
  present(secret: string, label: { issuer: string; account: string }): { secret: string; uri: string };
  /** For keeping: whoever has the database alone can make nothing of it. */
  seal(text: string): Promise<string>;
  /** @throws when it was sealed with another `KEYWRIGHT_SECRET` */
  open(sealed: string): Promise<string>;
  /**
   * The time step that a code of six digits belongs to: the one at `now`, the one before, or the one after, since the
   * clocks of people differ; null: none of them. Takes the same time whichever it is.
   */
  findStep(secret: string, code: string, now: number): Promise<number | null>;
}
