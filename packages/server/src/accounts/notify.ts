import { emailChangedMessage, passwordChangedMessage } from '../mail/messages.ts';
import type { AccountServices } from './account-services.ts';

type Services = Pick<AccountServices, 'context' | 'post'>;

/** Tells a person that the password was changed, in case it was somebody else. Nobody waits for it. */
export function notifyOfPassword({ context, post }: Services, email: string): void {
  post.runLater(async () => {
    const { name: instance } = await context.stores.instance.find();
    await post.deliver(passwordChangedMessage({ to: email, instance }));
  });
}

/** Tells the former address that it is one no longer. Nobody waits for it. */
export function notifyOfEmail({ context, post }: Services, formerEmail: string): void {
  post.runLater(async () => {
    const { name: instance } = await context.stores.instance.find();
    await post.deliver(emailChangedMessage({ to: formerEmail, instance }));
  });
}
