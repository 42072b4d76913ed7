import { RotateCcw } from 'lucide-react';
import { useId } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { longestText, slotsOf, type WordingPart } from './wording-parts.ts';

interface WordingRowProps {
  part: WordingPart;
  own: string;
  onChange(key: string, text: string): void;
}

/** A text: what stands there, and beside it what the project says instead. */
export function WordingRow({ part: { key, text, slots }, own, onChange }: WordingRowProps) {
  const t = useText();
  const id = useId();
  const advice = own.trim() === '' ? null : adviceFor(slots, own);
  return (
    <li data-wording={key} className="grid gap-x-6 gap-y-2 px-4 py-3 md:grid-cols-2">
      <div className="min-w-0">
        <p className="break-words whitespace-pre-line">{text}</p>
        <code className="font-mono text-xs break-all text-muted">{key}</code>
      </div>
      <div className="min-w-0">
        <div className="flex items-start gap-1">
          <TextArea
            rows={text.length > 70 ? 3 : 1}
            className="min-h-9! flex-1 resize-y"
            aria-label={t('wording.own', { text })}
            aria-describedby={advice ? id : undefined}
            placeholder={t('wording.asIs')}
            maxLength={longestText}
            value={own}
            onChange={({ target }) => onChange(key, target.value)}
          />
          <Button
            look="ghost"
            size="icon"
            disabled={own === ''}
            className={own === '' ? 'invisible' : ''}
            aria-label={t('wording.reset', { text })}
            onClick={() => onChange(key, '')}
          >
            <RotateCcw aria-hidden />
          </Button>
        </div>
        {advice && (
          <p id={id} className="mt-1 text-[0.8125rem] text-warn">
            {advice.missing.length > 0 && t('wording.missing', { names: advice.missing.join(', ') })}{' '}
            {advice.unknown.length > 0 && t('wording.unknown', { names: advice.unknown.join(', ') })}
          </p>
        )}
      </div>
    </li>
  );
}

/** What is filled in, and is left out here, or the other way round. */
function adviceFor(slots: readonly string[], own: string): { missing: string[]; unknown: string[] } | null {
  const used = slotsOf(own);
  const missing = slots.filter((slot) => !used.includes(slot));
  const unknown = used.filter((slot) => !slots.includes(slot));
  return missing.length + unknown.length === 0 ? null : { missing, unknown };
}
