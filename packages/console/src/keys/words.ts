/** What stands between spaces, commas or line ends, each once. */
export function words(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
