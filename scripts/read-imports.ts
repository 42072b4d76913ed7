/** One import, re-export or `import()` as it stands in a source text. */
export interface Import {
  specifier: string;
  /** The names taken from a static import, as exported there; empty for `import 'x'`, `import * as` and `import()`. */
  names: string[];
  /** Nothing of it is left when the types are struck out. */
  isTypeOnly: boolean;
}

// Comments, strings, templates and regular expressions: where one begins, none of the others can.
const lexemes =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=(?:^|[(,=:[!&|?{};+\-*%<>~^\n]|\b(?:return|typeof|case|await))\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/g;
const staticImport = /^[ \t]*(import|export)\s+(type\s+)?([\w$*{},\s]*?\sfrom\s*|)(['"])([^'"\n]+)\4/gm;
const dynamicImport = /\b(?:import|require)\s*\(\s*(['"])([^'"\n]+)\1\s*\)(\s*\.\s*[A-Z]\w*)?/g;

/**
 * The imports of a TypeScript source. A careful search and no parser, as the compiler offers no stable one: it relies on
 * the formatter, which begins every statement on a line of its own.
 */
export function readImports(source: string): Import[] {
  const code = withoutCommentsAndTemplates(source);
  const imports: Import[] = [];
  for (const [, , type, clause = '', , specifier = ''] of code.matchAll(staticImport)) {
    const names = (/\{([^}]*)\}/.exec(clause)?.[1] ?? '').split(',').map((part) => part.trim());
    imports.push({
      specifier,
      names: names.filter((name) => name !== '').map((name) => name.replace(/^type\s+|\s+as\s.*$/g, '')),
      // `import { type A }` still loads the module, as the compiler is told to strike out nothing but types.
      isTypeOnly: type !== undefined,
    });
  }
  for (const [, , specifier = '', typeName] of code.matchAll(dynamicImport)) {
    // `import('./a.ts').Name` names a type; the promise of a module has no members with a capital.
    imports.push({ specifier, names: [], isTypeOnly: typeName !== undefined });
  }
  return imports;
}

/** Whether the source reads the environment, as `process.env` or by taking `env` out of `node:process`. */
export function readsEnvironment(source: string): boolean {
  const code = withoutCommentsAndTemplates(source).replace(/'[^'\n]*'/g, "''");
  if (/\bprocess\s*\??\.\s*env\b|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/.test(code)) return true;
  return readImports(source).some(
    ({ specifier, names }) => /^(node:)?process$/.test(specifier) && names.includes('env'),
  );
}

/** The source with blanks in place of comments, regular expressions and the text of templates. */
function withoutCommentsAndTemplates(source: string): string {
  return source.replace(lexemes, (text) => {
    if (text.startsWith('`')) return keepExpressions(text);
    return text.startsWith('/') ? text.replace(/[^\n]/g, ' ') : text;
  });
}

/** A template's text says nothing, but what stands in its `${}` is code. */
function keepExpressions(template: string): string {
  const expressions = template.match(/\$\{[^}]*\}/g) ?? [];
  return `\`${expressions.join(' ')}\``;
}
