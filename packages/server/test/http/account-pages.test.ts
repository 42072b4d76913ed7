import { describe, expect, test } from 'vitest';
import { onOneEngine } from '../support/installation.ts';

onOneEngine((at) => {
  describe.each(['/setup', '/invite'])('%s', (path) => {
    test('shows a form to everybody, which sends nothing by itself and runs only a script from here', async () => {
      const response = await at.as(null).request('GET', path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const policy = response.headers.get('content-security-policy') ?? '';
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ])
        expect(policy.split('; ')).toContain(rule);
      // What the link holds must not go on to where the page leads.
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      const html = response.text;
      expect(html.match(/<script[^>]*>[^<]*/g)).toEqual(['<script src="account-form.js" type="module">']);
      expect(html).not.toMatch(/ on\w+=| style=/);
    });
  });

  test('their script is served as one', async () => {
    const response = await at.as(null).request('GET', '/account-form.js');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });
});
