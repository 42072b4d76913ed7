import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ChangeEvent, ComponentProps } from 'react';
import { useText } from '../text/text.tsx';
import { Select } from './field.tsx';
import { notifyFailure } from './notify.tsx';

interface GrowingSelectProps extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: string;
  onChange(value: string): void;
  /** What it offers as options: the first hundred, and more when somebody asks for them. */
  list: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'fetchNextPage'>;
}

/** No id is like it. */
const more = '…';

/** A choice among things of which there may be more than are loaded: its last entry brings the next hundred. */
export function GrowingSelect({ list, onChange, children, ...rest }: GrowingSelectProps) {
  const t = useText();
  const grow = async (select: HTMLSelectElement) => {
    const { isError, error } = await list.fetchNextPage();
    if (isError) return notifyFailure(t('choice.notLoaded'), error);
    // Opened once more where the browser allows it; elsewhere the person does that.
    try {
      select.showPicker();
    } catch {}
  };
  const choose = ({ currentTarget }: ChangeEvent<HTMLSelectElement>) => {
    if (currentTarget.value === more) void grow(currentTarget);
    else onChange(currentTarget.value);
  };
  return (
    <Select {...rest} onChange={choose}>
      {children}
      {list.hasNextPage && <option value={more}>{t('choice.more')}</option>}
    </Select>
  );
}
