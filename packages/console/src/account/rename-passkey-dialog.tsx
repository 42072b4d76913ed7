import type { Passkey } from '@keywright/contract';
import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';
import { PasskeyNameForm } from './passkey-name-form.tsx';

export function RenamePasskeyDialog({
  passkey: { id, name },
  onClose,
}: {
  passkey: Passkey;
  onClose(): void;
}) {
  const t = useText();
  return (
    <Dialog open width="narrow" title={t('keys.renameTitle', { name })} onClose={onClose}>
      <PasskeyNameForm
        name={name}
        submit={t('keys.rename')}
        onClose={onClose}
        onSubmit={async (renamed) => {
          await auth('POST /passkey/rename', { id, name: renamed });
          notifySuccess(t('keys.renamed', { name: renamed }));
          refreshAccount();
          onClose();
        }}
      />
    </Dialog>
  );
}
