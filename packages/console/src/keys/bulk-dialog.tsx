import type { BulkAction, BulkResult, Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { activityQuery, refreshKeys } from './key-queries.ts';
import { useKeyTitle } from './key-title.ts';

interface BulkDialogProps {
  keys: readonly Key[];
  action: BulkAction;
  onClose(): void;
  /** What became of each; reported even when the question was closed before the answer came. */
  onDone(report: BulkReportOf): void;
}

/** What one request did to many keys. */
export interface BulkReportOf {
  action: BulkAction;
  keys: readonly Key[];
  results: readonly BulkResult[];
}

/** Asks, and does it in one go. */
export function BulkDialog({ keys, action, onClose, onDone }: BulkDialogProps) {
  const t = useText();
  const titleOf = useKeyTitle();
  const { project } = useProject();
  const [isBusy, setBusy] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  // The list goes on underneath; the report is of those that were chosen.
  const [chosen] = useState(keys);
  const run = async () => {
    setBusy(true);
    try {
      const answer = await api('POST /v1/projects/{projectId}/keys/bulk', {
        params: { projectId: project.id },
        body: { action, keyIds: chosen.map(({ id }) => id) },
      });
      onClose();
      onDone({ action, keys: chosen, results: answer.results });
      refreshKeys(project.id);
    } catch (error) {
      notifyFailure(t('bulk.failed'), error);
    } finally {
      setBusy(false);
    }
  };
  const count = chosen.length;
  const takesPower = action !== 'activate';
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t(`bulk.${action}Title`, { count })}
      description={t(`bulk.${action}Text`)}
      onClose={onClose}
      initialFocus={cancel}
    >
      {takesPower && <BulkBlastRadius keys={chosen} />}
      <ul className="mt-3 max-h-40 list-inside list-disc overflow-y-auto text-muted">
        {chosen.map((k) => (
          <li key={k.id} className="truncate">
            {titleOf(k)}
          </li>
        ))}
      </ul>
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look={takesPower ? 'danger' : 'primary'} isBusy={isBusy} onClick={run}>
          {t(`bulk.${action}Submit`, { count })}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function BulkBlastRadius({ keys }: { keys: readonly Key[] }) {
  const t = useText();
  const { project } = useProject();
  const { data } = useQuery(
    activityQuery(
      project.id,
      keys.map(({ id }) => id),
    ),
  );
  const used = (data?.buckets ?? []).filter(({ code }) => code === 'valid');
  const count = used.reduce((sum, bucket) => sum + bucket.count, 0);
  if (count === 0) return null;
  return (
    <p data-testid="blast-radius" className="rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
      {t('bulk.blast', { count, keys: new Set(used.map(({ keyId }) => keyId)).size })} {t('blast.refused')}
    </p>
  );
}

/** Says of each key what became of it. */
export function BulkReport({ keys, results, action, onClose }: BulkReportOf & { onClose(): void }) {
  const t = useText();
  const titleOf = useKeyTitle();
  const done = results.filter(({ ok }) => ok).length;
  const nameOf = new Map(keys.map((k) => [k.id, titleOf(k)]));
  const failed = results.filter(({ ok }) => !ok);
  return (
    <Dialog open width="narrow" title={t(`bulk.${action}Done`, { count: done })} onClose={onClose}>
      {failed.length > 0 && (
        <p className="mb-2 font-medium text-bad">{t('bulk.notDone', { count: failed.length })}</p>
      )}
      <ul className="max-h-72 divide-y divide-line overflow-y-auto">
        {[...failed, ...results.filter(({ ok }) => ok)].map(({ keyId, ok, code }) => (
          <li key={keyId} className="flex items-center gap-2.5 py-1.5">
            {ok ? (
              <CircleCheck className="size-4 shrink-0 text-good" aria-label={t('bulk.ok')} />
            ) : (
              <CircleX className="size-4 shrink-0 text-bad" aria-label={t('bulk.notOk')} />
            )}
            <span className="min-w-0 flex-1 truncate">{nameOf.get(keyId)}</span>
            {code && (
              <a
                className="text-[0.8125rem] text-bad underline"
                href={`/problems/${code}`}
                target="_blank"
                rel="noreferrer"
              >
                {code}
              </a>
            )}
          </li>
        ))}
      </ul>
      <DialogButtons>
        <Button look="primary" onClick={onClose}>
          {t('close')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
