export interface MemberStore {
  /** Whether the account is a member of the project. If so, it stays one until the transaction ends. */
  hold(projectId: string, accountId: string): Promise<boolean>;
}
