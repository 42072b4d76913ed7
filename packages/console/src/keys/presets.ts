import type { Preset } from '@keywright/contract';
import type { TextKey } from '../text/text.tsx';
import type { ButtonLook } from '../ui/button.tsx';

export type ColumnId =
  | 'name'
  | 'key'
  | 'description'
  | 'owner'
  | 'created'
  | 'lastUsed'
  | 'expires'
  | 'activity'
  | 'status'
  | 'actions';

/** How the keys of a project are shown and handled. */
export interface KeyView {
  columns: readonly ColumnId[];
  /** What "create" asks for; `nothing`: it makes a key at once, with a name that can be changed. */
  asks: readonly ('name' | 'description' | 'expiry' | 'owner' | 'more')[] | 'nothing';
  /** How a key is switched on and off. */
  toggle: 'menu' | 'switch' | 'buttons' | 'none';
  /** How a key is ended: as buttons in the row, or in the ⋮ menu. */
  endings: readonly ('revoke' | 'delete')[];
  endingsAs: 'menu' | 'buttons';
  createLook: ButtonLook;
}

/** One for each guide, and our own. */
export const keyViews: Readonly<Record<Preset, KeyView>> = {
  standard: {
    columns: ['name', 'key', 'owner', 'created', 'lastUsed', 'expires', 'activity', 'status', 'actions'],
    asks: ['name', 'description', 'expiry', 'owner', 'more'],
    toggle: 'menu',
    endings: ['revoke', 'delete'],
    endingsAs: 'menu',
    createLook: 'primary',
  },
  classic: {
    columns: ['name', 'key', 'created', 'lastUsed', 'status', 'actions'],
    asks: ['name'],
    toggle: 'none',
    endings: ['revoke'],
    endingsAs: 'buttons',
    createLook: 'primary',
  },
  table: {
    columns: ['key', 'description', 'expires', 'actions'],
    asks: ['description', 'expiry'],
    toggle: 'buttons',
    endings: ['delete'],
    endingsAs: 'buttons',
    createLook: 'primary',
  },
  pair: {
    columns: ['name', 'created', 'key', 'status', 'actions'],
    asks: 'nothing',
    toggle: 'switch',
    endings: ['delete'],
    endingsAs: 'menu',
    createLook: 'primary',
  },
  channels: {
    columns: ['name', 'key', 'created', 'lastUsed', 'status', 'actions'],
    asks: ['name'],
    toggle: 'menu',
    endings: ['delete'],
    endingsAs: 'buttons',
    createLook: 'primary',
  },
  gateway: {
    columns: ['name', 'lastUsed', 'key', 'created', 'status'],
    asks: ['name', 'description'],
    toggle: 'switch',
    endings: ['delete'],
    endingsAs: 'menu',
    createLook: 'black',
  },
};

/** The words of each guide, where they are not our own. A project's own words go before these. */
export const presetWordings: Readonly<Record<Preset, Readonly<Partial<Record<TextKey, string>>>>> = {
  standard: {},
  classic: {
    'keys.create': 'Generate new key',
    'keys.createTitle': 'Generate new key',
    'keys.createSubmit': 'Generate',
    'keys.column.key': 'API key',
  },
  table: {
    'keys.create': 'Generate New API Key',
    'keys.createTitle': 'Generate New API Key',
    'keys.createSubmit': 'Generate API Key',
    'keys.column.key': 'API Key',
    'keys.field.expiry': 'Expiry Date',
    // There are no names.
    'keys.searchHint': 'Description, owner or id',
  },
  pair: {
    'keys.create': 'Add key',
    'keys.column.key': 'Key',
    'keys.column.created': 'Created',
  },
  channels: {
    'nav.channels': 'API Channels',
    'channels.title': 'API Channels',
    'keys.create': 'Generate API Key',
    'keys.createTitle': 'Generate API Key',
    'keys.createSubmit': 'Generate',
    'keys.column.key': 'API key',
  },
  gateway: {
    'nav.keys': 'API Key Generation',
    'keys.title': 'API Key Generation',
    'keys.create': '+ Create API Auth Key',
    'keys.createTitle': 'Create API Auth Key',
    'keys.createSubmit': 'Create Now',
    'keys.field.name': 'Key Name',
    'keys.field.description': 'Key Description',
    'keys.column.name': 'Key Name',
    'keys.column.lastUsed': 'Last Used',
    'keys.column.key': 'API Auth Key',
    'keys.column.created': 'Date Created',
    'keys.column.status': 'Status',
  },
};
