import { type ErrorCode, errorCodes, errorTable } from '@keywright/contract';
import { escapeHtml, renderPage, renderText } from './page.ts';

/** The page that the `type` of an error leads to: what happened, and what to do. */
export function renderProblemPage(code: ErrorCode): string {
  const { status, title, happened, remedy } = errorTable[code];
  return renderPage({
    title: `${title} · Keywright`,
    root: '../',
    body: `<p class="muted"><code>${code}</code> · HTTP ${status}</p>
<h1>${escapeHtml(title)}</h1>
<h2>What happened</h2>
<p>${renderText(happened)}</p>
<h2>What to do</h2>
<p>${renderText(remedy)}</p>
<footer class="muted"><a href="../problems">All errors</a> · <a href="../docs">API reference</a></footer>`,
  });
}

/** All errors by their code. */
export function renderProblemIndex(): string {
  const entries = errorCodes.map((code) => {
    const { status, title } = errorTable[code];
    const link = `<a href="problems/${code}"><code>${code}</code></a>`;
    return `<dt>${link} <span class="muted">${status}</span></dt>\n<dd>${escapeHtml(title)}</dd>`;
  });
  return renderPage({
    title: 'Errors · Keywright',
    root: '',
    body: `<h1>Errors</h1>
<p>Every error is <code>application/problem+json</code>, and its <code>type</code> leads to one of these pages.</p>
<dl>
${entries.join('\n')}
</dl>
<footer class="muted"><a href="docs">API reference</a></footer>`,
  });
}
