import { errorCodes, errorTable } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { escapeHtml, renderText } from './page.ts';
import { renderProblemIndex, renderProblemPage } from './problem-pages.ts';

describe.each(errorCodes)('the page of %s', (code) => {
  const html = renderProblemPage(code);

  test('says what happened and what to do', () => {
    const { title, happened, remedy } = errorTable[code];
    expect(html).toContain(`<h1>${escapeHtml(title)}</h1>`);
    expect(html).toContain(renderText(happened));
    expect(html).toContain(renderText(remedy));
  });

  test('has no script, no style of its own, and no backtick left', () => {
    expect(html).not.toMatch(/<script|<style|style=|`/i);
  });

  test('is listed', () => {
    expect(renderProblemIndex()).toContain(`href="problems/${code}"`);
  });
});

test('text is escaped before code is marked', () => {
  expect(renderText('Send `Bearer <key>` & "wait"')).toBe(
    'Send <code>Bearer &lt;key&gt;</code> &amp; &quot;wait&quot;',
  );
});
