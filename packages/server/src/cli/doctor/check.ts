/** What the doctor found of one thing. */
export interface Check {
  status: 'ok' | 'warn' | 'fail';
  name: string;
  message: string;
  /** What to do about it; null when there is nothing to do. */
  remedy: string | null;
}

export function ok(name: string, message: string): Check {
  return { status: 'ok', name, message, remedy: null };
}

export function warning(name: string, message: string, remedy: string): Check {
  return { status: 'warn', name, message, remedy };
}

export function failed(name: string, message: string, remedy: string): Check {
  return { status: 'fail', name, message, remedy };
}

/** A line for each check, with what to do below it. */
export function formatChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map((check) => check.name.length));
  return checks.map((check) => formatCheck(check, width)).join('\n');
}

function formatCheck({ status, name, message, remedy }: Check, width: number): string {
  const line = `${status.padEnd(4)}  ${name.padEnd(width)}  ${message}`;
  return remedy === null ? line : `${line}\n${' '.repeat(width + 8)}${remedy}`;
}
