import { loadCode } from '../api/load-code.ts';
import { useText } from '../text/text.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';
import { describeSystem } from './browser-name.ts';
import { PasskeyNameForm } from './passkey-name-form.tsx';

export function AddPasskeyDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  return (
    <Dialog
      open
      width="narrow"
      title={t('passkeys.add')}
      description={t('passkeys.addText')}
      onClose={onClose}
    >
      <PasskeyNameForm
        name={describeSystem(navigator.userAgent) ?? ''}
        submit={t('passkeys.addSubmit')}
        onClose={onClose}
        onSubmit={async (name) => {
          const { registerPasskey } = await loadCode(() => import('../sign-in/passkey-ceremony.ts'));
          await registerPasskey(name);
          notifySuccess(t('passkeys.isAdded', { name }));
          refreshAccount();
          onClose();
        }}
      />
    </Dialog>
  );
}
