import type { Security } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { MailCheck, MailWarning } from 'lucide-react';
import { useState } from 'react';
import { auth } from '../api/auth.ts';
import { publicInstanceQuery } from '../api/queries.ts';
import { type Translate, useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';

type Pending = NonNullable<Security['pendingEmail']>;

interface PendingEmailProps {
  pending: Pending;
  /** Whether a letter went there just now; null: it was not asked for just now. */
  sent: boolean | null;
  onCancelled(): void;
}

/** The address that was asked for and is not confirmed yet, what is still to be done for it, and a way back. */
export function PendingEmail({ pending, sent, onCancelled }: PendingEmailProps) {
  const t = useText();
  const { data: instance } = useQuery(publicInstanceQuery);
  const [isBusy, setBusy] = useState(false);
  if (instance === undefined) return null;
  const isOnItsWay = sent ?? pending.linkExpiresAt !== null;
  const Icon = isOnItsWay ? MailCheck : MailWarning;
  const cancel = async () => {
    setBusy(true);
    try {
      await auth('POST /cancel-email-change', {});
      notifySuccess(t('email.cancelled'));
      refreshAccount();
      onCancelled();
    } catch (error) {
      notifyFailure(t('email.notCancelled'), error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div
      className={`mt-4 flex gap-2.5 rounded-xl px-3.5 py-3 ${isOnItsWay ? 'bg-good-soft text-good' : 'bg-warn-soft text-warn'}`}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0">
        <p className="break-words">{describe(t, pending, { sent, canSendMail: instance.canSendMail })}</p>
        <Button size="small" className="mt-2.5" isBusy={isBusy} onClick={cancel}>
          {t('email.cancel')}
        </Button>
      </div>
    </div>
  );
}

function describe(
  t: Translate,
  { email, linkExpiresAt }: Pending,
  { sent, canSendMail }: { sent: boolean | null; canSendMail: boolean },
): string {
  if (sent) return t('email.sent', { email });
  if (sent === null && linkExpiresAt !== null)
    return t('email.pending', { email, time: formatDateTime(linkExpiresAt) });
  if (!canSendMail) return t('email.noMail', { email });
  return t(sent === null ? 'email.expired' : 'email.notSent', { email });
}
