import { zodResolver } from '@hookform/resolvers/zod';
import { type SignUpBody, signUpBody } from '@keywright/contract';

/** What a new account needs. */
export type NewAccount = Omit<SignUpBody, 'invitationToken'>;

/** Judges the form by the contract's schema. */
export const resolveNewAccount = zodResolver(signUpBody.omit({ invitationToken: true }));
