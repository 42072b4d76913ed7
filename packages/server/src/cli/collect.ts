/** For options that may be given several times, or once with commas. */
export function collect(text: string, before: readonly string[] = []): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return [...before, ...parts];
}
