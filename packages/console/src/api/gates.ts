/**
 * Where a request waits for a person: to sign in again, or to prove the password. The dialogs register here; requests
 * that come to a gate while somebody is before it wait for the same answer.
 */
type Gate = () => Promise<boolean>;

const gates: { signIn: Gate | null; password: Gate | null } = { signIn: null, password: null };
const waiting: { signIn: Promise<boolean> | null; password: Promise<boolean> | null } = {
  signIn: null,
  password: null,
};

export function openGates(dialogs: { signIn: Gate; password: Gate }): () => void {
  Object.assign(gates, dialogs);
  return () => Object.assign(gates, { signIn: null, password: null });
}

/** @returns whether somebody is signed in now */
export function askToSignIn(path: string): Promise<boolean> {
  return path.startsWith('/api/auth/') ? Promise.resolve(false) : wait('signIn');
}

/** @returns whether the password was proved */
export function askForPassword(): Promise<boolean> {
  return wait('password');
}

function wait(name: keyof typeof gates): Promise<boolean> {
  const gate = gates[name];
  if (gate === null) return Promise.resolve(false);
  waiting[name] ??= gate().finally(() => {
    waiting[name] = null;
  });
  return waiting[name];
}
