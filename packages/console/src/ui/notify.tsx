import { ApiError, OutdatedError, UnreachableError, UnseenError } from '../api/api-error.ts';
import { loadCode } from '../api/load-code.ts';
import { queryClient } from '../api/queries.ts';
import { baseText, type TextKey } from '../text/text.tsx';
import { keepUnsaid } from './unsaid.ts';
import { whenIdle } from './when-idle.ts';

interface Undo {
  label: string;
  onClick(): void;
}

type Toasts = typeof import('./toasts.tsx');
type Toast = ReturnType<Toasts['showToasts']>;

/** Loaded with the first thing that there is to say, or as soon as there is time for it. */
const loadToasts = (): Promise<Toasts> => loadCode(() => import('./toasts.tsx'));

/** Loads what shows notifications, where one may be needed while the server cannot be reached. */
export function prepareNotices(): void {
  void loadToasts().catch(() => null);
}

whenIdle(prepareNotices);

/** Without the code for it nothing can be said in this way; that must not become a failure of its own. */
function say(speak: (toast: Toast) => void, whenMute: () => void = () => {}): void {
  void loadToasts().then(({ showToasts }) => speak(showToasts()), whenMute);
}

export function notifySuccess(message: string, undo?: Undo): void {
  say((toast) => toast.success(message, { duration: undo ? 10_000 : 5000, ...(undo && { action: undo }) }));
}

/**
 * Tells of a failure: what went wrong, what to do, and the request id with which an operator finds it in the log. It
 * stays until it is dismissed. What was refused because somebody changed something meanwhile has the page learn of it.
 * @param what "The key was not revoked."
 */
export function notifyFailure(what: string, error: unknown): void {
  if (error instanceof ApiError && [403, 404, 409].includes(error.status))
    void queryClient.invalidateQueries();
  say(
    (toast) =>
      toast.error(what, {
        duration: Number.POSITIVE_INFINITY,
        description: <FailureDetail error={error} />,
      }),
    () => keepUnsaid({ what, error }),
  );
}

export function FailureDetail({ error }: { error: unknown }) {
  return (
    <div className="flex flex-col gap-1">
      <p>{explainError(error)}</p>
      {error instanceof ApiError && error.requestId && (
        <p className="text-xs text-muted">
          {baseText('failure.request')}{' '}
          <code className="font-mono break-all select-all">{error.requestId}</code>
          {error.page && (
            <>
              {' · '}
              <a className="underline" href={error.page} target="_blank" rel="noreferrer">
                {baseText('failure.more')}
              </a>
            </>
          )}
        </p>
      )}
    </div>
  );
}

const advices: Readonly<Partial<Record<string, TextKey>>> = {
  key_limit_reached: 'failure.keyLimit',
  name_taken: 'failure.nameTaken',
  idempotency_replayed: 'failure.replayed',
  key_revoked: 'failure.keyRevoked',
  slug_taken: 'failure.slugTaken',
  channel_in_use: 'failure.channelInUse',
  forbidden: 'failure.forbidden',
  not_found: 'failure.notFound',
  unavailable: 'failure.unavailable',
  internal: 'failure.internal',
};

/** What went wrong in a sentence or two, and what to do about it. */
export function explainError(error: unknown): string {
  if (error instanceof UnreachableError)
    return baseText(error.isChange ? 'failure.unreachable' : 'failure.noAnswer');
  if (error instanceof OutdatedError) return baseText('failure.outdated');
  if (error instanceof UnseenError) return baseText('failure.unseen');
  if (!(error instanceof ApiError)) return baseText('failure.unknown');
  // It is of something between here and the server, which cannot tell.
  if (error.code === null && error.status >= 500)
    return baseText('failure.between', { status: error.status });
  // What the details say of these two is for programs.
  if (error.status === 401 && !error.wantsProof && !error.isAboutAccount)
    return baseText('failure.unauthenticated');
  if (error.wantsProof) return baseText('failure.notProved');
  const [first] = error.errors;
  const detail = first ? `${first.path}: ${first.message}` : error.message;
  const advice = error.code === null ? undefined : advices[error.code];
  if (error.isAboutAccount && error.status < 500) return detail;
  return advice ? `${detail} ${baseText(advice)}` : detail;
}
