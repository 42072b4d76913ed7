import { useState } from 'react';
import { useText } from '../text/text.tsx';
import { Field, Input } from '../ui/field.tsx';

interface CodeFieldProps {
  code: string;
  fault: string | undefined;
  onChange(code: string): void;
  /** Whether a backup code will do in place of one that the app shows. */
  takesBackupCodes?: boolean;
  autoFocus?: boolean;
}

/** For the code of an authenticator app, which phones offer by themselves; or for a backup code, which has letters. */
export function CodeField({
  code,
  fault,
  onChange,
  takesBackupCodes = false,
  autoFocus = false,
}: CodeFieldProps) {
  const t = useText();
  const [isBackup, setBackup] = useState(false);
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Field
        // Another field, so that a phone shows another keyboard.
        key={isBackup ? 'backup' : 'app'}
        className="w-full"
        label={t(isBackup ? 'code.backup' : 'code.app')}
        hint={t(isBackup ? 'code.backupHint' : 'code.appHint')}
        fault={fault}
      >
        {(control) => (
          <Input
            {...control}
            type="text"
            inputMode={isBackup ? 'text' : 'numeric'}
            autoComplete={isBackup ? 'off' : 'one-time-code'}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            autoFocus={autoFocus || isBackup}
            className="font-mono tracking-wider"
            value={code}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      {takesBackupCodes && (
        <button
          type="button"
          className="text-[0.8125rem] font-medium text-accent underline-offset-4 hover:underline"
          onClick={() => {
            setBackup(!isBackup);
            onChange('');
          }}
        >
          {t(isBackup ? 'code.useApp' : 'code.useBackup')}
        </button>
      )}
    </div>
  );
}
