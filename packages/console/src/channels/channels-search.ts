import { type KeyListSearch, keyListSearch } from '../keys/key-list-search.ts';

/** The page of channels, with the list of keys of the channel whose dialog is open. */
export interface ChannelsSearch extends KeyListSearch {
  /** The channel whose keys are shown in the dialog. */
  keysOf?: string;
  /** A form: for a new channel, or for the one with this id. */
  edit?: string;
  page?: string;
}

export function channelsSearch(search: Record<string, unknown>): ChannelsSearch {
  const words = (name: string) =>
    typeof search[name] === 'string' && search[name] !== '' ? { [name]: search[name] } : {};
  return { ...keyListSearch(search), ...words('keysOf'), ...words('edit'), ...words('page') };
}
