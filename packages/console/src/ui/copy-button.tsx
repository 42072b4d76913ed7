import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button, type ButtonProps } from './button.tsx';
import { copyText } from './copy.ts';
import { notifyFailure } from './notify.tsx';

interface CopyButtonProps extends Omit<ButtonProps, 'onClick'> {
  text: string;
  /** What is copied, for those who do not see it: "Copy the key id". */
  label: string;
  onCopied?(): void;
}

/** A small button that copies, and says so only when it did. */
export function CopyButton({ text, label, onCopied, ...rest }: CopyButtonProps) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={isCopied ? t('copied') : label}
      {...rest}
      onClick={async () => {
        if (!(await copyText(text))) return notifyFailure(t('copy.failed'), null);
        setCopied(true);
        onCopied?.();
      }}
    >
      {isCopied ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
    </Button>
  );
}
