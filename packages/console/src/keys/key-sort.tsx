import type { KeySort } from '@keywright/contract';
import { useText } from '../text/text.tsx';
import { Select } from '../ui/field.tsx';
import { sortFields } from './key-table.tsx';
import type { ColumnId } from './presets.ts';

interface KeySortSelectProps {
  columns: readonly ColumnId[];
  sort: KeySort;
  onSort(sort: KeySort): void;
}

/** What the heads of the table do, where there are cards instead. */
export function KeySortSelect({ columns, sort, onSort }: KeySortSelectProps) {
  const t = useText();
  // By when they were created they are sorted at first, and the address may name any.
  const offered = sortFields.filter(
    ({ id, field }) => id === 'created' || columns.includes(id) || sort.endsWith(field),
  );
  return (
    <Select
      aria-label={t('keys.sort')}
      value={sort}
      className="w-auto! max-w-full grow"
      onChange={({ target }) => onSort(target.value as KeySort)}
    >
      {offered.map(({ id, field }) => [
        <option key={field} value={field}>
          {t('keys.sortUp', { column: t(`keys.column.${id}`) })}
        </option>,
        <option key={`-${field}`} value={`-${field}`}>
          {t('keys.sortDown', { column: t(`keys.column.${id}`) })}
        </option>,
      ])}
    </Select>
  );
}
