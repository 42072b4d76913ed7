import { zodResolver } from '@hookform/resolvers/zod';
import { forgotPasswordBody } from '@keywright/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { auth } from '../api/auth.ts';
import { publicInstanceQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { FormFault, FormTitle, sentence, showFaults } from './form.tsx';

/** For who lost the password: a letter with a link; or, where none can be sent, who else can make one. */
export function ForgotPasswordPage() {
  const t = useText();
  const { data: instance } = useSuspenseQuery(publicInstanceQuery);
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <>
      {!instance.canSendMail && <AskAdministrator />}
      {instance.canSendMail && asked === null && <AskForLink onAsked={setAsked} />}
      {asked !== null && (
        <div role="status">
          <FormTitle title={t('forgot.sent')} text={t('forgot.sentText', { email: asked })} />
        </div>
      )}
      <Link to="/sign-in" className={`${buttonClass('ghost')} mt-4 w-full`}>
        {t('forgot.back')}
      </Link>
    </>
  );
}

function AskAdministrator() {
  const t = useText();
  return (
    <>
      <FormTitle title={t('forgot.title')} text={t('forgot.noMail')} />
      <p className="text-muted">{t('forgot.noMailAdmin')}</p>
      <code className="mt-2 block rounded-lg bg-sunken px-3 py-2 font-mono text-[0.8125rem] break-all">
        keywright admin reset-password
      </code>
    </>
  );
}

function AskForLink({ onAsked }: { onAsked(email: string): void }) {
  const t = useText();
  const form = useForm({ resolver: zodResolver(forgotPasswordBody), defaultValues: { email: '' } });
  const { errors, isSubmitting } = form.formState;
  return (
    <>
      <FormTitle title={t('forgot.title')} text={t('forgot.text')} />
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={form.handleSubmit(async (body) => {
          try {
            await auth('POST /forgot-password', body);
            onAsked(body.email);
          } catch (error) {
            showFaults(error, form.setError, ['email']);
          }
        })}
      >
        <FormFault>{errors.root?.message}</FormFault>
        <Field label={t('signIn.email')} fault={errors.email?.message && sentence(errors.email.message)}>
          {(control) => (
            <Input {...control} {...form.register('email')} type="email" autoComplete="username" autoFocus />
          )}
        </Field>
        <Button type="submit" look="primary" isBusy={isSubmitting}>
          {t('forgot.submit')}
        </Button>
      </form>
    </>
  );
}
