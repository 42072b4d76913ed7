/**
 * Where a request waits for a person: to sign in again, or to prove the password. The dialogs register here; requests
 * that come to a gate while somebody is before it wait for the same answer.
 */
type Gate = () => Promise<boolean>;

const gates: { signIn: Gate | null; password: Gate | null } = { signIn: null, password: null };
let waiting: Promise<boolean> | null = null;

export function openGates(dialogs: { signIn: Gate; password: Gate }): () => void {
  Object.assign(gates, dialogs);
  return () => Object.assign(gates, { signIn: null, password: null });
}

/** @returns whether somebody is signed in now */
export function askToSignIn(): Promise<boolean> {
  return wait('signIn');
}

/** @returns whether the password was proved */
export function askForPassword(): Promise<boolean> {
  return wait('password');
}

/** One gate at a time: whoever signs in again has proved the password, and the gate for it finds out by itself. */
function wait(name: keyof typeof gates): Promise<boolean> {
  const gate = gates[name];
  if (gate === null) return Promise.resolve(false);
  waiting ??= gate().finally(() => {
    waiting = null;
  });
  return waiting;
}
