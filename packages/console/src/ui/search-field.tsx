import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { holdsSecret } from '../keys/found-secret.ts';
import { useText } from '../text/text.tsx';
import { Input } from './field.tsx';

interface SearchFieldProps {
  /** As it stands in the address. */
  value: string;
  label: string;
  hint: string;
  /** Told when the typing pauses. */
  onSearch(text: string): void;
}

const pauseMs = 250;

/** A field whose text is looked for as soon as the typing pauses. */
export function SearchField({ value, label, hint, onSearch }: SearchFieldProps) {
  const t = useText();
  const [text, setText] = useState(value);
  const [isRefused, setRefused] = useState(false);
  const sent = useRef(value);
  // Back and forward change the address under the field.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      onSearch(wanted);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, onSearch]);
  return (
    <div className="relative min-w-0 flex-1 basis-60">
      <Search className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" aria-hidden />
      <Input
        type="search"
        value={text}
        aria-label={label}
        placeholder={hint}
        maxLength={200}
        className="pl-9"
        // Inside a form it must not send that.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        // A secret must not get into the address, nor to the server.
        onChange={({ target }) => {
          const isSecret = holdsSecret(target.value);
          setRefused(isSecret);
          setText(isSecret ? '' : target.value);
        }}
      />
      {isRefused && (
        <p role="alert" className="mt-1.5 text-[0.8125rem] text-bad">
          {t('found.refused')}
        </p>
      )}
    </div>
  );
}
