import type { Problem } from '@keywright/contract';
import { ApiError, UnreachableError } from './api-error.ts';
import { askForPassword, askToSignIn } from './gates.ts';

export interface SendOptions {
  query?: Readonly<Record<string, unknown>> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Readonly<Record<string, string>>;
}

/** What the dialogs themselves send, and what begins or ends a session: nobody is asked on their account. */
const entrances = /^\/api\/auth\/(sign-|passkey\/sign-in|reauthenticate)/;

/** What changes nothing although it is posted. */
const questions = /^\/(v1\/keys\/identify$|api\/auth\/(sign-in\/|check-link$|.*-options$))/;

/**
 * Sends a request and reads its answer. When the session has ended, or the password is to be proved anew, the person is
 * asked for it on the spot and the request goes on: nothing that was typed is lost.
 * @throws ApiError, UnreachableError, or the signal's reason
 */
export async function send(method: string, path: string, options: SendOptions = {}): Promise<unknown> {
  try {
    return await sendOnce(method, path, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401 || entrances.test(path)) throw error;
    const isSettled = error.wantsProof ? await askForPassword() : await askToSignIn();
    if (!isSettled) throw error;
    return await sendOnce(method, path, options);
  }
}

async function sendOnce(
  method: string,
  path: string,
  { query, body, signal, headers }: SendOptions,
): Promise<unknown> {
  const isChange = method !== 'GET' && !questions.test(path);
  const response = await reach(`${path}${toSearch(query)}`, isChange, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response, answer as Problem | null);
  return answer;
}

async function reach(address: string, isChange: boolean, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new UnreachableError(error, isChange);
  }
}

function toSearch(query: SendOptions['query']): string {
  const given = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
