import { asSearch, readWords } from '../shell/page-search.ts';

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
  const dialog = dialogs.find((each) => each === search.dialog);
  return asSearch<MembersSearch>({
    cursor: readWords(search.cursor),
    invitations: readWords(search.invitations),
    dialog,
    member: dialog && readWords(search.member),
    invitation: dialog && readWords(search.invitation),
  });
}

/** Changes parts of it; undefined takes one out. */
export type ChangeMembersSearch = (
  patch: { [Name in keyof MembersSearch]?: MembersSearch[Name] | undefined },
  isStep?: boolean,
) => void;
