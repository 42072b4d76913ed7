import type { Channel } from '@keywright/contract';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';

interface FrontNotesProps {
  channel: Channel;
  /** Whether the upstream stands in the configuration. */
  hasUpstream: boolean;
  onEdit(): void;
}

/** What a configuration does not do of itself with this channel, and what Keywright must be told for it. */
export function FrontNotes({ channel, hasUpstream, onEdit }: FrontNotesProps) {
  const t = useText();
  const { upstream } = channel;
  const url = upstream === null ? null : new URL(upstream);
  return (
    <div className="mt-5 flex flex-col gap-3">
      {hasUpstream && url === null && <NoUpstream text={t('front.noUpstream')} onEdit={onEdit} />}
      {hasUpstream && url?.protocol === 'https:' && <Note>{t('front.upstreamHttps')}</Note>}
      {hasUpstream && url && url.pathname !== '/' && (
        <Note>{t('front.upstreamPath', { path: url.pathname })}</Note>
      )}
      {location.protocol === 'https:' && <Note>{t('front.keywrightHttps')}</Note>}
      <p className="rounded-xl bg-sunken px-4 py-3 text-[0.8125rem]">{t('front.callers')}</p>
    </div>
  );
}

function Note({ children }: { children: string }) {
  return <p className="rounded-xl bg-warn-soft px-4 py-3 text-[0.8125rem] text-warn">{children}</p>;
}

/** Says what is missing, and leads who may to where it is set. */
export function NoUpstream({ text, onEdit }: { text: string; onEdit(): void }) {
  const t = useText();
  const { canOperate } = useProject();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-xl bg-warn-soft px-4 py-3 text-[0.8125rem] text-warn">
      <p className="min-w-0 flex-1 basis-64">{text}</p>
      {canOperate && (
        <Button size="small" onClick={onEdit}>
          {t('channelPage.setUpstream')}
        </Button>
      )}
    </div>
  );
}
