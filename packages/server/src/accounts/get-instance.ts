import type { Instance, PublicInstance } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import type { AccountServices } from './account-services.ts';

/** @throws forbidden */
export async function getInstance({ stores }: Context, caller: Caller): Promise<Instance> {
  requireInstance(caller);
  return stores.instance.find();
}

/** What everybody may know: a page for signing in shows it. */
export async function getPublicInstance({
  context: { stores },
  post,
}: AccountServices): Promise<PublicInstance> {
  const [{ name, signup, supportUrl, docsUrl }, isSetUp] = await Promise.all([
    stores.instance.find(),
    stores.accounts.hasAdmin(),
  ]);
  return { name, signup, supportUrl, docsUrl, isSetUp, canSendMail: post.canSend };
}
