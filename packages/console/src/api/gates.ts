/**
 * Where a request waits for a person: to sign in again, or to prove the password. The dialogs register here; requests
 * that come to a gate while somebody is before it wait for the same answer. A gate is shut, and the request fails, while
 * something is on the screen that nobody can show again, and after a person sent the dialog away until they do something:
 * what only watches the page in the background must not bring it up over and over.
 */
type Gate = () => Promise<boolean>;

const gates: { signIn: Gate | null; password: Gate | null } = { signIn: null, password: null };
let waiting: Promise<boolean> | null = null;
let shutBy = 0;
let isSentAway = false;

export function openGates(dialogs: { signIn: Gate; password: Gate }): () => void {
  Object.assign(gates, dialogs);
  return () => Object.assign(gates, { signIn: null, password: null });
}

/** Keeps every dialog away from what must not be covered. @returns lets them come again */
export function shutGates(): () => void {
  shutBy++;
  return () => {
    shutBy--;
  };
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
  if (gate === null || shutBy > 0 || isSentAway) return Promise.resolve(false);
  waiting ??= gate()
    .then((isSettled) => {
      if (!isSettled) standBack();
      return isSettled;
    })
    .finally(() => {
      waiting = null;
    });
  return waiting;
}

/** Until the person does something. */
function standBack(): void {
  isSentAway = true;
  const comeBack = () => {
    isSentAway = false;
    removeEventListener('pointerdown', comeBack, true);
    removeEventListener('keydown', comeBack, true);
  };
  addEventListener('pointerdown', comeBack, true);
  addEventListener('keydown', comeBack, true);
}
