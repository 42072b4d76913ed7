import { Check, Copy, Download, ShieldAlert } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { saveFile } from '../ui/save-file.ts';
import type { OncePart } from './once-dialog.tsx';

interface OnceBoxProps extends OncePart {
  label: ReactNode;
  text: string;
  /** As a file, beside the clipboard. */
  file?: { name: string; content: string };
}

/** The text that is shown once, whole and selectable. "Copied" is said only when it is so. */
export function OnceBox({ label, text, file, copyRef, onSaved }: OnceBoxProps) {
  const t = useText();
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  const shown = useRef<HTMLElement>(null);
  const copy = async () => {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? 'copied' : 'failed');
    if (isCopied) onSaved();
    else if (shown.current) getSelection()?.selectAllChildren(shown.current);
  };
  return (
    <>
      <p className="mb-1 font-medium">{label}</p>
      <code
        ref={shown}
        data-testid="secret"
        className="block rounded-xl border border-line bg-sunken px-3.5 py-3 font-mono text-[0.9375rem] leading-relaxed break-all select-all"
      >
        {text}
      </code>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button ref={copyRef} look="primary" onClick={copy} className="min-w-28">
          {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
          {t(outcome === 'copied' ? 'copied' : 'copy')}
        </Button>
        {file && (
          <Button
            onClick={() => {
              saveFile(file.name, 'text/plain', file.content);
              onSaved();
            }}
          >
            <Download aria-hidden />
            {t('secret.download')}
          </Button>
        )}
      </div>
      <p role="status" className="mt-2 min-h-5 text-[0.8125rem]">
        {outcome === 'copied' && <span className="text-good">{t('secret.copied')}</span>}
        {outcome === 'failed' && <span className="text-bad">{t('secret.copyFailed')}</span>}
      </p>
    </>
  );
}

/** Why, and how, to keep it from everybody else. */
export function SecretAdvice({ children }: { children: ReactNode }) {
  return (
    <p className="mt-4 flex gap-2.5 rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
      <ShieldAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      {children}
    </p>
  );
}
