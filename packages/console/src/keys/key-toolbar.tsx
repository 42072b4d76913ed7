import { Search, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useNames } from '../members/use-members.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Input, Select } from '../ui/field.tsx';
import { findSecret, holdsSecret } from './found-secret.ts';
import { type KeyListState, keyStatuses } from './key-list-search.ts';

interface KeyToolbarProps extends KeyListState {
  /**
   * A whole secret was typed or pasted, alone or among other text: it is looked up by its hash. As a large part of one it
   * never gets into the address.
   */
  onSecret(secret: string): void;
  /** What stands beside the filters. */
  children: ReactNode;
}

const pauseMs = 250;

/** Search and filters of the list; all of it stands in the address. */
export function KeyToolbar({ search, change, onSecret, children }: KeyToolbarProps) {
  const t = useText();
  const [text, setText] = useState(search.q ?? '');
  const [isPart, setPart] = useState(false);
  const sent = useRef(search.q ?? '');
  // Back and forward change the address under the field.
  useEffect(() => {
    if ((search.q ?? '') === sent.current) return;
    sent.current = search.q ?? '';
    setText(sent.current);
  }, [search.q]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      change({ q: wanted || undefined });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, change]);
  // The filter by owner has a way back of its own.
  const isFiltered = Boolean(search.q || search.status);
  return (
    <search className="flex flex-wrap items-center gap-2 border-b border-line p-3">
      <div className="relative min-w-0 flex-1 basis-60 max-sm:basis-full">
        <Search className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" aria-hidden />
        <Input
          type="search"
          value={text}
          aria-label={t('keys.search')}
          placeholder={t('keys.searchHint')}
          className="pl-9"
          onChange={({ target }) => {
            const secret = findSecret(target.value);
            if (secret !== null) onSecret(secret);
            const isKeptOut = holdsSecret(target.value);
            setPart(isKeptOut && secret === null);
            setText(isKeptOut ? '' : target.value);
          }}
        />
        {isPart && (
          <p role="alert" className="text-bad">
            {t('found.part')}
          </p>
        )}
      </div>
      <Select
        aria-label={t('keys.filterStatus')}
        value={search.status ?? ''}
        className="w-auto! max-sm:grow"
        onChange={({ target }) =>
          change({ status: keyStatuses.find((status) => status === target.value) }, true)
        }
      >
        <option value="">{t('keys.anyStatus')}</option>
        {keyStatuses.map((status) => (
          <option key={status} value={status}>
            {t(`keys.status.${status}`)}
          </option>
        ))}
      </Select>
      {children}
      {search.owner !== undefined && <OwnerFilter ownerId={search.owner} change={change} />}
      {isFiltered && (
        <Button
          look="ghost"
          onClick={() => {
            sent.current = '';
            setText('');
            change({ q: undefined, status: undefined, owner: undefined }, true);
          }}
        >
          <X aria-hidden />
          {t('keys.clearFilters')}
        </Button>
      )}
    </search>
  );
}

/** Whose keys alone are listed, which an address says; a click lists everybody's. */
function OwnerFilter({ ownerId, change }: { ownerId: string } & Pick<KeyListState, 'change'>) {
  const t = useText();
  const name = useNames([ownerId])(ownerId);
  return (
    <Button
      className="max-w-64"
      title={t('keys.anyOwner')}
      onClick={() => change({ owner: undefined }, true)}
    >
      <span className="min-w-0 truncate">{t('keys.ofOwner', { name })}</span>
      <X aria-hidden />
    </Button>
  );
}
