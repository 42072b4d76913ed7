import { Tabs } from '@base-ui/react/tabs';
import { Check, Copy, Download, ShieldAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { download } from '../ui/download.ts';
import { LeaveQuestion, useLeaveGuard } from '../ui/leave-guard.tsx';
import type { IssuedSecret } from './issued-secret.ts';
import { ProofOfLife } from './proof-of-life.tsx';
import { nameEnvironment, writeEnvFile, writeSnippets } from './secret-snippets.ts';

interface SecretDialogProps {
  issued: IssuedSecret;
  onClose(): void;
}

/**
 * The moment of the secret. It is shown here and never again, so that this does not close before it was copied, saved as
 * a file, or the person said to have it; and "Copied" is said only when it is so.
 */
export function SecretDialog({ issued, onClose }: SecretDialogProps) {
  const t = useText();
  const [isSaved, setSaved] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const copy = useRef<HTMLButtonElement>(null);
  useLeaveGuard(!isSaved, () => setAsking(true));
  const close = () => {
    if (isSaved) onClose();
    else setAsking(true);
  };
  return (
    <Dialog
      open
      title={t(issued.by === 'create' ? 'secret.title' : 'secret.titleRotated', { name: issued.key.name })}
      description={t('secret.once')}
      onClose={close}
      initialFocus={copy}
      role="alertdialog"
    >
      <SecretBox issued={issued} copyRef={copy} onSaved={() => setSaved(true)} />
      <p className="mt-4 flex gap-2.5 rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
        <ShieldAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        {t('secret.advice')}
      </p>
      <Snippets issued={issued} onSaved={() => setSaved(true)} />
      <ProofOfLife k={issued.key} />
      {isAsking && !isSaved ? (
        <LeaveQuestion
          title={t('secret.leaveTitle')}
          text={t('secret.leaveText')}
          onStay={() => {
            setAsking(false);
            copy.current?.focus();
          }}
          onLeave={onClose}
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

interface PartProps {
  issued: IssuedSecret;
  onSaved(): void;
}

function SecretBox({
  issued,
  copyRef,
  onSaved,
}: PartProps & { copyRef: React.RefObject<HTMLButtonElement | null> }) {
  const t = useText();
  const { project } = useProject();
  const { key, secret } = issued;
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  const shown = useRef<HTMLElement>(null);
  const copy = async () => {
    const isCopied = await copyText(secret);
    setOutcome(isCopied ? 'copied' : 'failed');
    if (isCopied) onSaved();
    else if (shown.current) getSelection()?.selectAllChildren(shown.current);
  };
  return (
    <>
      {key.publicId && (
        <div className="mb-3">
          <p className="mb-1 font-medium">{t('secret.publicId')}</p>
          <div className="flex items-center gap-1 rounded-xl border border-line bg-sunken py-1 pr-1 pl-3.5">
            <code data-testid="public-id" className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all">
              {key.publicId}
            </code>
            <CopyButton text={key.publicId} label={t('keys.copyPublicId', { name: key.name })} />
          </div>
        </div>
      )}
      <p className="mb-1 font-medium">{t(key.publicId ? 'secret.secretKey' : 'secret.key')}</p>
      <code
        ref={shown}
        data-testid="secret"
        className="block rounded-xl border border-line bg-sunken px-3.5 py-3 font-mono text-[0.9375rem] leading-relaxed break-all select-all"
      >
        {secret}
      </code>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button ref={copyRef} look="primary" onClick={copy} className="min-w-28">
          {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
          {t(outcome === 'copied' ? 'copied' : 'copy')}
        </Button>
        <Button
          onClick={() => {
            // A name that begins with a dot is taken for none by browsers.
            download('api-key.env', writeEnvFile(issued, nameEnvironment(project.name)));
            onSaved();
          }}
        >
          <Download aria-hidden />
          {t('secret.download')}
        </Button>
      </div>
      <p role="status" className="mt-2 min-h-5 text-[0.8125rem]">
        {outcome === 'copied' && <span className="text-good">{t('secret.copied')}</span>}
        {outcome === 'failed' && <span className="text-bad">{t('secret.copyFailed')}</span>}
      </p>
    </>
  );
}

function Snippets({ issued, onSaved }: PartProps) {
  const t = useText();
  const { project } = useProject();
  const apiUrl = project.wording['secret.apiUrl'] ?? null;
  const snippets = writeSnippets(issued, nameEnvironment(project.name), apiUrl);
  return (
    <Tabs.Root defaultValue="curl" className="mt-5">
      <Tabs.List className="flex gap-1 border-b border-line">
        {snippets.map(({ id }) => (
          <Tabs.Tab
            key={id}
            value={id}
            className="-mb-px border-b-2 border-transparent px-3 py-1.5 text-muted data-active:border-ink data-active:font-medium data-active:text-ink"
          >
            {t(`secret.tab.${id}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map(({ id, code }) => (
        <Tabs.Panel key={id} value={id} className="relative mt-2">
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
            tabIndex={0}
            className="max-h-44 overflow-auto rounded-xl bg-sunken p-3.5 pr-12 font-mono text-xs leading-relaxed"
          >
            {code}
          </pre>
          {/* The secret is in the line: having the line is having the secret. */}
          <CopyButton
            text={code}
            label={t('secret.copySnippet')}
            onCopied={onSaved}
            className="absolute top-1.5 right-1.5"
          />
          {id !== 'github' && apiUrl === null && (
            <p className="mt-1.5 text-[0.8125rem] text-muted">{t('secret.verifyHint')}</p>
          )}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
