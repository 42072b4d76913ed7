import { errorCodes } from '@keywright/contract';
import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { htmlResponse } from '../../pages/page.ts';
import { renderProblemIndex, renderProblemPage } from '../../pages/problem-pages.ts';

/** The pages that the `type` of an error leads to. */
export function registerProblemPages(app: Hono<HttpEnv>): void {
  const index = renderProblemIndex();
  app.get('/problems', () => htmlResponse(index));
  for (const code of errorCodes) {
    const html = renderProblemPage(code);
    app.get(`/problems/${code}`, () => htmlResponse(html));
  }
}
