import { Check, Copy, Download } from 'lucide-react';
import { useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { LeaveQuestion, useLeaveGuard } from '../ui/leave-guard.tsx';
import { saveFile } from '../ui/save-file.ts';

interface BackupCodesProps {
  codes: readonly string[];
  title: string;
  onClose(): void;
}

/** Shows backup codes, this once: it does not close before they were copied, downloaded, or said to be saved. */
export function BackupCodes({ codes, title, onClose }: BackupCodesProps) {
  const t = useText();
  const [isSaved, setSaved] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  const shown = useRef<HTMLUListElement>(null);
  const copyButton = useRef<HTMLButtonElement>(null);
  const letPass = useLeaveGuard(!isSaved, () => setAsking(true));
  const text = `${codes.join('\n')}\n`;
  const copy = async () => {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? 'copied' : 'failed');
    if (isCopied) setSaved(true);
    else if (shown.current) getSelection()?.selectAllChildren(shown.current);
  };
  const close = () => {
    if (isSaved) onClose();
    else setAsking(true);
  };
  return (
    <Dialog
      open
      role="alertdialog"
      title={title}
      description={t('backup.text')}
      onClose={close}
      initialFocus={copyButton}
    >
      <ul
        ref={shown}
        data-testid="backup-codes"
        aria-label={t('backup.title')}
        className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-xl border border-line bg-sunken px-4 py-3 font-mono min-[22rem]:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button ref={copyButton} look="primary" onClick={copy} className="min-w-28">
          {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
          {t(outcome === 'copied' ? 'copied' : 'copy')}
        </Button>
        <Button
          onClick={() => {
            saveFile('keywright-backup-codes.txt', 'text/plain', text);
            setSaved(true);
          }}
        >
          <Download aria-hidden />
          {t('backup.download')}
        </Button>
      </div>
      <p role="status" className="mt-2 min-h-5 text-[0.8125rem]">
        {outcome === 'copied' && <span className="text-good">{t('backup.copied')}</span>}
        {outcome === 'failed' && <span className="text-bad">{t('backup.copyFailed')}</span>}
      </p>
      {isAsking && !isSaved ? (
        <LeaveQuestion
          title={t('backup.leaveTitle')}
          text={t('backup.leaveText')}
          onStay={() => {
            setAsking(false);
            copyButton.current?.focus();
          }}
          onLeave={() => {
            letPass();
            onClose();
          }}
        />
      ) : (
        <DialogButtons>
          <Button look={isSaved ? 'primary' : 'secondary'} onClick={close}>
            {t('secret.done')}
          </Button>
        </DialogButtons>
      )}
    </Dialog>
  );
}
