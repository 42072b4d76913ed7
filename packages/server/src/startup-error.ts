/** A reason not to start. Its message is a sentence for the person who operates the server. */
export class StartupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StartupError';
  }
}

/** Another process has the data directory. */
export class DirectoryTakenError extends StartupError {
  constructor(message: string, cause?: unknown) {
    super(message, cause);
    this.name = 'DirectoryTakenError';
  }
}

/** The database cannot be used. What is the matter and what to do about it are told apart for who shows them so. */
export class DatabaseFaultError extends StartupError {
  /** As whole sentences. */
  readonly fault: string;
  readonly remedy: string;

  constructor(fault: string, remedy: string, cause?: unknown) {
    super(`The database cannot be used: ${fault} ${remedy}`, cause);
    this.name = 'DatabaseFaultError';
    this.fault = fault;
    this.remedy = remedy;
  }
}
