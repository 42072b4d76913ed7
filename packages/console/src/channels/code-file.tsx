import { Check, Copy, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { notifyFailure } from '../ui/notify.tsx';
import { saveFile } from '../ui/save-file.ts';

interface CodeFileProps {
  /** Of the file, or what the lines are. */
  name: string;
  text: string;
  /** Whether it is a file to save, and not only lines to paste. */
  isFile?: boolean;
}

/** Lines to copy, or a file to download. */
export function CodeFile({ name, text, isFile = false }: CodeFileProps) {
  const t = useText();
  /** What was copied: something else is not. */
  const [copied, setCopied] = useState<string | null>(null);
  const isCopied = copied === text;
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (await copyText(text)) setCopied(text);
    else notifyFailure(t('copy.failed'), null);
  };
  return (
    <figure aria-label={name} className="min-w-0 overflow-hidden rounded-xl border border-line">
      <figcaption className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line py-2 pr-2 pl-4">
        <span className={isFile ? 'font-mono text-[0.8125rem] break-all' : 'font-medium'}>{name}</span>
        <span className="flex gap-2">
          <Button size="small" aria-label={t('front.copyNamed', { name })} onClick={copy}>
            {isCopied ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
            {t(isCopied ? 'copied' : 'copy')}
          </Button>
          {isFile && (
            <Button
              size="small"
              aria-label={t('front.downloadNamed', { name })}
              // As plain text, browsers would end its name with .txt.
              onClick={() => saveFile(name, 'application/octet-stream', text)}
            >
              <Download aria-hidden />
              {t('front.download')}
            </Button>
          )}
        </span>
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
        tabIndex={0}
        className="max-h-120 overflow-auto bg-sunken p-4 font-mono text-xs leading-relaxed -outline-offset-2!"
      >
        {text}
      </pre>
      <span role="status" className="sr-only">
        {isCopied && t('copied')}
      </span>
    </figure>
  );
}
