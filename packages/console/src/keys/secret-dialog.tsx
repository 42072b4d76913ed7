import { Tabs } from '@base-ui/react/tabs';
import { OnceBox, SecretAdvice } from '../secret/once-box.tsx';
import { OnceDialog } from '../secret/once-dialog.tsx';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import type { IssuedSecret } from './issued-secret.ts';
import { useKeyTitle } from './key-title.ts';
import { ProofOfLife } from './proof-of-life.tsx';
import { nameEnvironment, readApiUrl, writeEnvFile, writeSnippets } from './secret-snippets.ts';

interface SecretDialogProps {
  issued: IssuedSecret;
  onClose(): void;
}

/** The moment of the secret: whole, to copy or save, with lines to paste, and waiting for the first request. */
export function SecretDialog({ issued, onClose }: SecretDialogProps) {
  const t = useText();
  const { project } = useProject();
  const { key, secret, by } = issued;
  const name = useKeyTitle()(key);
  return (
    <OnceDialog
      title={t(by === 'create' ? 'secret.title' : 'secret.titleRotated', { name })}
      description={t('secret.once')}
      onClose={onClose}
    >
      {(part) => (
        <>
          {key.publicId && <PublicId publicId={key.publicId} name={name} />}
          <OnceBox
            {...part}
            label={t(key.publicId ? 'secret.secretKey' : 'secret.key')}
            text={secret}
            // A name that begins with a dot is taken for none by browsers.
            file={{
              name: 'api-key.env',
              content: writeEnvFile(issued, nameEnvironment(project.name)),
            }}
          />
          <SecretAdvice>{t('secret.advice')}</SecretAdvice>
          <Snippets issued={issued} onSaved={part.onSaved} />
          <ProofOfLife k={key} />
        </>
      )}
    </OnceDialog>
  );
}

/** A pair's id is no secret; it is here so that both are at hand. */
function PublicId({ publicId, name }: { publicId: string; name: string }) {
  const t = useText();
  return (
    <div className="mb-3">
      <p className="mb-1 font-medium">{t('secret.publicId')}</p>
      <div className="flex items-center gap-1 rounded-xl border border-line bg-sunken py-1 pr-1 pl-3.5">
        <code data-testid="public-id" className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all">
          {publicId}
        </code>
        <CopyButton text={publicId} label={t('keys.copyPublicId', { name })} />
      </div>
    </div>
  );
}

interface PartProps {
  issued: IssuedSecret;
  onSaved(): void;
}

function Snippets({ issued, onSaved }: PartProps) {
  const t = useText();
  const { project } = useProject();
  const apiUrl = readApiUrl(project.wording);
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
          {/* Beside the tabs, where it covers no code. The secret is in the line: having the line is having the secret. */}
          <CopyButton
            text={code}
            label={t('secret.copySnippet')}
            onCopied={onSaved}
            className="absolute right-0 bottom-full mb-2.5"
          />
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
            tabIndex={0}
            className="max-h-44 overflow-auto rounded-xl bg-sunken p-3.5 font-mono text-xs leading-relaxed"
          >
            {code}
          </pre>
          {id !== 'github' && apiUrl === null && (
            <p className="mt-1.5 text-[0.8125rem] text-muted">{t('secret.verifyHint')}</p>
          )}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
