import { DomainError } from '../domain/error.ts';

/**
 * SQLSTATE classes and codes that say "not now", not "never": connection, authorization, rollback, resources, operator
 * intervention. What is refused while connecting (28, 3D, 55) is not about what was asked.
 */
const unavailableStates = /^(08|28|3D|40|53|55|57|58|25P0[34])/;
/**
 * What the system says of a connection: also that its socket is not there (ENOENT) or not for this user, and that this
 * process may open no more of them.
 */
const networkCodes =
  /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_|EADDRNOTAVAIL|ENOENT|EACCES|EPERM|EMFILE|ENFILE|ENOBUFS)/;
const sqliteCodes = /^SQLITE_(ABORT|BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/;
const driverMessages =
  /Connection terminated|timeout exceeded|Query read timeout|Client has encountered a connection error|not queryable|pool after calling end|database connection is not open/;

/**
 * Tells an outage of the database (`unavailable`: nothing is known, try again) from every other error, which is passed
 * on as it is.
 */
export function translateError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  if (code === 'SQLITE_FULL' || code === '53100') {
    return new DomainError('unavailable', {
      detail: 'The disk of the database is full. Nothing was changed.',
      cause: error,
    });
  }
  if (code === 'SQLITE_READONLY_DBMOVED') {
    return new DomainError('unavailable', {
      detail: 'The file of the database was moved or deleted while the server ran. Nothing was changed.',
      cause: error,
    });
  }
  // A copy of the database that a failover has led to, before it is the one that takes changes.
  if (code === '25006') {
    return new DomainError('unavailable', {
      detail: 'The database is read-only at present. Nothing was changed.',
      cause: error,
    });
  }
  // A prepared statement is missing, or another's is in its place: nothing but a pooler does that.
  if (code === '26000' || code === '42P05') {
    return new DomainError('unavailable', {
      detail:
        'The pooler in front of the database changes connections between transactions. Nothing was changed.',
      cause: error,
    });
  }
  const isOutage =
    unavailableStates.test(code) ||
    networkCodes.test(code) ||
    sqliteCodes.test(code) ||
    driverMessages.test(error.message);
  return isOutage
    ? new DomainError('unavailable', { detail: 'The database does not answer.', cause: error })
    : error;
}
