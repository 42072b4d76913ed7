import { renderPage } from './page.ts';

/** What a browser sees at the root. */
export function renderHomePage(): string {
  return renderPage({
    title: 'Keywright',
    root: '',
    body: `<h1>Keywright</h1>
<p>This server manages and verifies API keys. Programs talk to it over HTTP, with a service key.</p>
<h2>Where to go</h2>
<dl>
<dt><a href="docs">API reference</a></dt>
<dd>Every route, its parameters and its answers, from the <a href="v1/openapi.json">OpenAPI document</a>.</dd>
<dt><a href="problems">Errors</a></dt>
<dd>Every error code: what happened, and what to do.</dd>
<dt><a href="healthz">Health</a> and <a href="readyz">readiness</a></dt>
<dd>Whether the server is alive, and whether it can do its work.</dd>
</dl>`,
  });
}
