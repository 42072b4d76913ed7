import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import type { IssuedLink } from './issued-link.ts';

interface LinkDialogProps {
  issued: IssuedLink;
  onClose(): void;
}

/** The link of an invitation, this once. Who loses it makes the invitation anew. */
export function LinkDialog({ issued: { invitation, link, sentTo }, onClose }: LinkDialogProps) {
  const t = useText();
  const copy = useRef<HTMLButtonElement>(null);
  const shown = useRef<HTMLElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  const { email, role, expiresAt } = invitation;
  const copyLink = async () => {
    const isCopied = await copyText(link);
    setOutcome(isCopied ? 'copied' : 'failed');
    if (!isCopied && shown.current) getSelection()?.selectAllChildren(shown.current);
  };
  return (
    <Dialog
      open
      role="alertdialog"
      title={t('invitations.linkTitle', { email })}
      description={
        sentTo === null ? t('invitations.passOn', { email }) : t('invitations.sentTo', { email: sentTo })
      }
      onClose={onClose}
      initialFocus={copy}
    >
      <p className="mb-1 font-medium">{t('invitations.link')}</p>
      <code
        ref={shown}
        data-testid="invitation-link"
        className="block rounded-xl border border-line bg-sunken px-3.5 py-3 font-mono text-[0.8125rem] leading-relaxed break-all select-all"
      >
        {link}
      </code>
      <Button ref={copy} look="primary" onClick={copyLink} className="mt-3 min-w-28">
        {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
        {t(outcome === 'copied' ? 'copied' : 'copy')}
      </Button>
      <p role="status" className="mt-2 min-h-5 text-[0.8125rem]">
        {outcome === 'copied' && <span className="text-good">{t('secret.copied')}</span>}
        {outcome === 'failed' && <span className="text-bad">{t('secret.copyFailed')}</span>}
      </p>
      <p className="text-[0.8125rem] text-muted">
        {t('invitations.linkText', { role: t(`role.${role}`), until: formatDateTime(expiresAt) })}
      </p>
      <DialogButtons>
        <Button onClick={onClose}>{t('secret.done')}</Button>
      </DialogButtons>
    </Dialog>
  );
}
