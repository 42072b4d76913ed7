import type { LedgerAction } from '@keywright/contract';
import type { Fence } from '../cluster/fence.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import type { VerificationStore } from './verification-store.ts';

const importAction: LedgerAction = 'key.imported';

interface ImportWatchOptions {
  store: Pick<VerificationStore, 'hasImports'>;
  fence: Pick<Fence, 'isOpen'>;
}

/**
 * Whether keys were ever imported into this instance. As long as none was, a string with a wrong checksum is no key, and
 * costs neither hash nor database; an imported secret can be any string. What is known here follows the ledger: it is
 * read anew whenever memory is cleared, a row that tells of an import makes it true, and "none" counts only while the
 * node may answer from memory.
 */
export class ImportWatch {
  readonly #options: ImportWatchOptions;
  /** Null: not known yet. */
  #hasImports: boolean | null = null;
  #loading: Promise<void> | null = null;
  #epoch = 0;

  constructor(options: ImportWatchOptions) {
    this.#options = options;
  }

  /** False only when it is certain that no key was imported. */
  mayHaveImports(): boolean {
    if (this.#hasImports === null) this.#load();
    return this.#hasImports !== false || !this.#options.fence.isOpen();
  }

  apply(row: FollowedRow): void {
    if (row.action === importAction) this.#hasImports = true;
  }

  /** Another ledger is followed from here on. */
  clear(): void {
    this.#epoch++;
    this.#hasImports = null;
    this.#loading = null;
    this.#load();
  }

  /** A failure leaves it unknown, and the next question tries again. */
  #load(): void {
    if (this.#loading !== null) return;
    try {
      const found = this.#options.store.hasImports();
      if (found instanceof Promise) this.#loading = this.#wait(found, this.#epoch);
      else this.#hasImports = found;
    } catch {}
  }

  async #wait(finding: Promise<boolean>, epoch: number): Promise<void> {
    const found = await finding.catch(() => null);
    if (epoch !== this.#epoch) return;
    this.#loading = null;
    // A row that was applied in the meantime knows better.
    this.#hasImports ??= found;
  }
}
