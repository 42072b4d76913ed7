import type { ErrorCode, FieldError } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';

/** What can be wrong with a key of an import, the gravest first: it gives the whole refusal its code. */
const faultCodes = [
  'validation_failed',
  'owner_not_member',
  'hash_known',
  'name_taken',
  'key_limit_reached',
] as const satisfies ErrorCode[];
type FaultCode = (typeof faultCodes)[number];

/** Enough to mend a file by, and still an answer that can be read. */
const maxTold = 1000;

/** Collects what is wrong with the keys of an import, so that one refusal tells of all of them. */
export class ImportFaults {
  readonly #codes = new Set<FaultCode>();
  readonly #errors: { index: number; error: FieldError }[] = [];

  add(code: FaultCode, index: number, field: string, message: string): void {
    this.#codes.add(code);
    this.#errors.push({ index, error: { path: `keys.${index}.${field}`, message } });
  }

  /** Runs a check that a single key goes through, and keeps what it says of a field. Every other failure is thrown. */
  check(index: number, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'validation_failed') throw error;
      for (const { path, message } of error.errors ?? []) this.add('validation_failed', index, path, message);
    }
  }

  /** @throws the gravest of the codes, with the faults by their index, as many as an answer has room for */
  throwIfAny(): void {
    const code = faultCodes.find((one) => this.#codes.has(one));
    const told = this.#errors.sort((a, b) => a.index - b.index).slice(0, maxTold);
    const [first] = told;
    if (code === undefined || first === undefined) return;
    const more = this.#errors.length > told.length ? ` These are the first ${maxTold} faults.` : '';
    throw new DomainError(code, {
      detail: `Nothing was imported: ${first.error.path} ${first.error.message}.${more}`,
      errors: told.map(({ error }) => error),
    });
  }
}
