/** A command line that can be understood but not followed: something is missing in it, or two things contradict. */
export class UsageError extends Error {}
