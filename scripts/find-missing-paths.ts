/**
 * The paths in backticks of a Markdown text that lead nowhere. Taken for a path of the repository is what contains a
 * slash or ends with .ts or .md, and has only characters of a path; `*` and `<name>` stand for any one name.
 * @param exists whether a path, or a glob, from the root of the repository leads to something
 */
export function findMissingPaths(markdown: string, exists: (path: string) => boolean): string[] {
  const prose = markdown.replace(/^(```|~~~).*?^\1/gms, '');
  const inBackticks = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  const paths = inBackticks.filter(looksLikePath);
  return [...new Set(paths)].filter((path) => !exists(path.replace(/<[^<>/]+>/g, '*')));
}

function looksLikePath(text: string): boolean {
  // `/v1/keys` is a path of the service, `@keywright/contract` a package, `application/json` a media type.
  if (!/^[\w.][\w.*<>/-]*$/.test(text) || /^(application|text|image|multipart)\//.test(text)) return false;
  return text.includes('/') || /\.(ts|md)$/.test(text);
}
