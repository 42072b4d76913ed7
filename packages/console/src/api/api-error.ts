import type { ErrorCode, FieldError, Problem } from '@keywright/contract';

/** A request that was answered with an error: the server said no, and why. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode | null;
  readonly requestId: string | null;
  /** The page that explains the code. */
  readonly page: string | null;
  readonly errors: readonly FieldError[];
  /** It wants the password anew, not another sign-in. */
  readonly wantsProof: boolean;
  /** It is about signing in or one's own account: what its detail says is all that there is to say. */
  readonly isAboutAccount: boolean;

  constructor(response: Response, problem: Problem | null) {
    super(problem?.detail ?? `The server answered ${response.status}.`);
    this.name = 'ApiError';
    this.status = response.status;
    this.code = problem?.code ?? null;
    this.requestId = problem?.requestId ?? response.headers.get('X-Request-Id');
    this.page = problem ? new URL(problem.type, location.origin).pathname : null;
    this.errors = problem?.errors ?? [];
    this.isAboutAccount = new URL(response.url, location.origin).pathname.startsWith('/api/auth/');
    this.wantsProof = (response.headers.get('WWW-Authenticate') ?? '').includes(
      'insufficient_user_authentication',
    );
  }
}

/** A request that got no answer: of a change, nothing is known of what became of it. */
export class UnreachableError extends Error {
  /** Whether it would have changed something. */
  readonly isChange: boolean;

  constructor(cause: unknown, isChange: boolean) {
    super('The server cannot be reached.', { cause });
    this.name = 'UnreachableError';
    this.isChange = isChange;
  }
}

/** An answer with a secret that came when the page that was to show it had been left. */
export class UnseenError extends Error {
  constructor() {
    super('Nobody was there to see the secret.');
    this.name = 'UnseenError';
  }
}

/** Code of this page that the server no longer has: it was upgraded since the page was loaded. */
export class OutdatedError extends Error {
  constructor(cause: unknown) {
    super('The server has another version of this page.', { cause });
    this.name = 'OutdatedError';
  }
}
