import { useEffect, useState } from 'react';
import { useText } from '../text/text.tsx';
import { holdsSecret } from './found-secret.ts';

interface AddressText {
  text: string;
  type(typed: string): void;
  /** Why what was typed did not get into the field. */
  fault: string | undefined;
}

/**
 * The text of a field that gets into the address and to the server. A secret must get into neither: it does not even stay
 * in the field, which says so.
 * @param value as it stands in the address
 */
export function useAddressText(value: string): AddressText {
  const t = useText();
  const [text, setText] = useState(value);
  const [isRefused, setRefused] = useState(false);
  // Back and forward change the address under the field.
  useEffect(() => setText(value), [value]);
  const type = (typed: string) => {
    const isSecret = holdsSecret(typed);
    setRefused(isSecret);
    setText(isSecret ? value : typed);
  };
  return { text, type, fault: isRefused ? t('found.refused') : undefined };
}
