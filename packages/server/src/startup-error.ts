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
