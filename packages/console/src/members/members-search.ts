const dialogs = ['invite', 'role', 'remove', 'takeBack'] as const;
type MembersDialog = (typeof dialogs)[number];

/** What the page shows, as it stands in the address. */
export interface MembersSearch {
  /** Where the page of members begins. */
  cursor?: string;
  /** Where the page of invitations begins. */
  invitations?: string;
  dialog?: MembersDialog;
  /** Whom the dialog is about. */
  member?: string;
  invitation?: string;
}

/** Reads it from an address, and leaves out what makes no sense. */
export function membersSearch(search: Record<string, unknown>): MembersSearch {
  const words = (name: string) =>
    typeof search[name] === 'string' && search[name] !== '' ? { [name]: search[name] } : {};
  const dialog = dialogs.find((each) => each === search.dialog);
  return {
    ...words('cursor'),
    ...words('invitations'),
    ...(dialog && { dialog, ...words('member'), ...words('invitation') }),
  };
}

/** Changes parts of it; undefined takes one out. */
export type ChangeMembersSearch = (
  patch: { [Name in keyof MembersSearch]?: MembersSearch[Name] | undefined },
  isStep?: boolean,
) => void;
