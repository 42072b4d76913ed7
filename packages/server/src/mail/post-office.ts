import { Turns } from '../accounts/turns.ts';
import type { Secret } from '../keys/secret-format.ts';
import { Allowance } from './allowance.ts';
import type { Mailer, Message } from './mailer.ts';

/** The pages that links lead to. */
type LinkedPage = 'invite' | 'reset-password' | 'confirm-email';

interface PostOfficeOptions {
  /** Null: no server for e-mail is configured. */
  mailer: Mailer | null;
  /** Where the server is reached from outside, without a slash at the end. */
  publicUrl(): string;
  log: { warn(fields: object, message: string): void };
}

/**
 * Where letters are handed in. What was changed before a letter is sent stays changed, whatever becomes of the letter:
 * nothing here throws. The log tells what failed, and neither to whom it was to go nor what was in it.
 */
export class PostOffice {
  readonly #options: PostOfficeOptions;
  readonly #allowance = new Allowance(lettersPerHour, { monotonic: () => performance.now() });
  readonly #sending = new Turns({ maxRunning: 4, maxWaiting: 200 });
  readonly #errands = new Turns({ maxRunning: 4, maxWaiting: 200 });
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: PostOfficeOptions) {
    this.#options = options;
  }

  get canSend(): boolean {
    return this.#options.mailer !== null;
  }

  /** The token stands behind the #, where no browser sends it to a server and so none can log it. */
  linkTo(page: LinkedPage, token: Secret): string {
    return `${this.#options.publicUrl()}/${page}#token=${token.reveal()}`;
  }

  /**
   * Whether one more letter may go out because an account says so. Where everybody may sign up, the letters of this server
   * would else carry whatever somebody has to sell to whomever.
   */
  allows(accountId: string): boolean {
    return this.#allowance.take(accountId);
  }

  /** @returns whether the server for e-mail took it. Waits for that, some ten seconds at most. */
  async deliver(message: Message): Promise<boolean> {
    const { mailer, log } = this.#options;
    if (mailer === null) return false;
    const handedInAt = performance.now();
    try {
      await this.#sending.take(async () => {
        if (performance.now() - handedInAt > maxWaitMs) throw tooMany();
        await mailer.send(message);
      }, tooMany);
      return true;
    } catch (error) {
      log.warn(describeFailure(error), 'a letter could not be sent');
      return false;
    }
  }

  /** Runs what ends in a letter once the request that asked for it is answered, so that the answer tells nothing of it. */
  runLater(errand: () => Promise<void>): void {
    if (!this.canSend || this.#isClosed) return;
    const running = this.#runErrand(errand).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Takes nothing more, and waits so long for what it has. */
  async close(maxMs: number): Promise<void> {
    this.#isClosed = true;
    const { promise: tooLate, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, maxMs);
    await Promise.race([Promise.all(this.#running), tooLate]);
    clearTimeout(timer);
  }

  async #runErrand(errand: () => Promise<void>): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      await this.#errands.take(errand, tooMany);
    } catch (error) {
      this.#options.log.warn(describeFailure(error), 'a letter could not be made');
    }
  }
}

/** How many letters one account may cause to go to strangers. */
const lettersPerHour = 50;
/** A letter that had to wait for longer behind others is not sent any more: who asked for it was told so. */
const maxWaitMs = 5000;

function tooMany(): Error {
  return Object.assign(new Error('too many letters wait to be sent'), { code: 'ETOOMANY' });
}

/** What servers say in words repeats addresses; their codes do not. */
function describeFailure(error: unknown): object {
  const { code, responseCode, command } = error as Record<'code' | 'responseCode' | 'command', unknown>;
  return { code, responseCode, command: typeof command === 'string' ? command.split(' ')[0] : undefined };
}
