import { type KeyListSearch, keyListSearch, noKeyList } from '../keys/key-list-search.ts';
import { asSearch, readWords } from '../shell/page-search.ts';

/** The page of channels, with the list of keys of the channel whose dialog is open. */
export interface ChannelsSearch extends KeyListSearch {
  /** The channel whose keys are shown in the dialog. */
  keysOf?: string;
  /** A form: `new`, or the id of the channel that is changed. */
  edit?: string;
  /** The channel whose deletion is asked about. */
  delete?: string;
  /** Where the page of channels begins. */
  page?: string;
}

/** Reads it from an address, and leaves out what makes no sense. */
export function channelsSearch(search: Record<string, unknown>): ChannelsSearch {
  const keysOf = readWords(search.keysOf);
  return asSearch<ChannelsSearch>({
    // What stands there of a list of keys means something only while one is shown.
    ...noKeyList,
    ...(keysOf !== undefined && keyListSearch(search)),
    keysOf,
    edit: readWords(search.edit),
    delete: readWords(search.delete),
    page: readWords(search.page),
  });
}

/** Changes parts of it; undefined takes one out. @see KeyListState.change */
export type ChangeChannelsSearch = (
  patch: { [Name in keyof ChannelsSearch]?: ChannelsSearch[Name] | undefined },
  isStep?: boolean,
) => void;
