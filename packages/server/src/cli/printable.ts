/**
 * What is printed may come from a ledger that somebody doctored: nothing in it may steer the terminal.
 * @param lines whether line ends and tabs stay what they are
 */
export function printable(text: string, { lines }: { lines: boolean } = { lines: true }): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const isLayout = lines && (character === '\n' || character === '\t');
    return isLayout ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
