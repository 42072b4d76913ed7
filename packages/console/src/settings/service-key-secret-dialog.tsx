import { OnceBox, SecretAdvice } from '../secret/once-box.tsx';
import { OnceDialog } from '../secret/once-dialog.tsx';
import { useText } from '../text/text.tsx';
import type { IssuedServiceKey } from './service-keys.tsx';

/** The secret of a service key, this once. */
export function ServiceKeySecretDialog({
  serviceKey: { name, id },
  secret,
  onClose,
}: IssuedServiceKey & { onClose(): void }) {
  const t = useText();
  const content = `# ${name.replace(/\s+/g, ' ')} (${id})\nKEYWRIGHT_SERVICE_KEY=${secret}\n`;
  return (
    <OnceDialog
      title={t('serviceKeys.ready', { name })}
      description={t('serviceKeys.once')}
      onClose={onClose}
    >
      {(part) => (
        <>
          <OnceBox
            {...part}
            label={t('serviceKeys.secret')}
            text={secret}
            file={{ name: 'service-key.env', content }}
          />
          <SecretAdvice>{t('serviceKeys.advice')}</SecretAdvice>
        </>
      )}
    </OnceDialog>
  );
}
