import { once as event } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { once } from '../http/once.ts';
import { expectUnharmed } from '../http/refusals.ts';
import { onOneEngine } from '../support/installation.ts';
import { head, type RawExchange, sendRaw } from '../support/raw-connection.ts';
import { asked, authUrlOf, type Door, doorNames, type Original, withKey } from './support/doors.ts';

/*
 * The doors as they are met over a socket: where two readers of the same bytes could disagree, it is refused, and what
 * is not refused is answered once for each request.
 */
describe.each(['main', 'auth'])('at the %s port', (where) => {
  onOneEngine(
    (at) => {
      const url = () => (where === 'auth' ? authUrlOf(at.service) : at.url);
      const world = once(async () => {
        const { id } = await at.createProject();
        const { slug } = await at.createChannel(id);
        const { secret } = await at.createKey(id);
        return { slug, secret };
      });
      /** The lines of a request that a proxy sends, without the empty one. */
      const lines = async (door: Door, original: Original = {}, isGood = true): Promise<string[]> => {
        const { slug, secret } = await world();
        const key = isGood ? withKey(secret) : [];
        const { method, path, headers } = asked(door, slug, {
          ...original,
          headers: [...key, ...(original.headers ?? [])],
        });
        const named = headers.map(([name, value]) => `${name}: ${value}`);
        return [`${method} ${path} HTTP/1.1`, 'Host: keywright.internal', ...named];
      };
      const statuses = ({ responses }: RawExchange) => responses.map(({ status }) => status);
      const send = (...all: string[]) => sendRaw(url(), head(...all));

      describe.each(doorNames)('/%s', (door) => {
        test('no body is read: half of one is enough for the answer', async () => {
          for (const [isGood, status] of [
            [true, 200],
            [false, 401],
          ] as const) {
            for (const [header, part] of [
              ['Content-Length: 100000', 'half'],
              ['Transfer-Encoding: chunked', '100\r\nhalf'],
              ['Content-Length: 100000', ''],
            ]) {
              const exchange = await sendRaw(
                url(),
                head(...(await lines(door, { method: 'POST' }, isGood)), header ?? '') + part,
              );
              expect(statuses(exchange), header).toEqual([status]);
            }
          }
        });

        test('what comes as a body is not taken for the next request', async () => {
          const inner = head(...(await lines(door)));
          const outer = await lines(door, { method: 'POST' }, false);
          const exchange = await sendRaw(url(), head(...outer, `Content-Length: ${inner.length}`) + inner);
          expect(statuses(exchange)).toEqual([401]);
        });

        test('400 and an end for a length and chunks at once, two lengths, and lengths that are none', async () => {
          const smuggled = head(...(await lines(door)));
          for (const [more, rest] of [
            [['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`],
            [['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`],
            [['Content-Length: 0', `Content-Length: ${smuggled.length}`], smuggled],
            [['Content-Length: 0, 4'], smuggled],
            [['Content-Length: +4'], smuggled],
            [['Content-Length: 0x4'], smuggled],
            [['Content-Length : 4'], smuggled],
            [['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${smuggled}`],
            [['Transfer-Encoding : chunked'], `0\r\n\r\n${smuggled}`],
          ] as const) {
            const exchange = await sendRaw(url(), head(...(await lines(door)), ...more) + rest);
            expect(statuses(exchange), more.join(' | ')).toEqual([400]);
            expect(exchange.isClosed, more.join(' | ')).toBe(true);
          }
          // Where its body ends nobody knows, which is of no use to who reads none: one answer, and an end.
          const unknown = await sendRaw(
            url(),
            head(...(await lines(door, {}, false)), 'Transfer-Encoding: xchunked') + smuggled,
          );
          expect([statuses(unknown), unknown.isClosed]).toEqual([[401], true]);
        });

        test('400 for a header that goes on in the next line, and for what is no header', async () => {
          for (const more of [
            ['X: a', ' b'],
            ['X: a', '\tX-API-Key: x'],
            [' X: a'],
            ['X-API-Key'],
            [': x'],
            ['X API Key: x'],
            ['X: a\0b'],
            ['X: a\rX-API-Key: b'],
          ])
            expect(statuses(await send(...(await lines(door)), ...more)), more.join('|')).toEqual([400]);
        });

        test('431 for a head that is too large, or has too many lines for all to be seen', async () => {
          const long = await send(...(await lines(door)), `X: ${'a'.repeat(20_000)}`);
          expect(statuses(long)).toEqual([431]);
          const many = Array.from({ length: 1100 }, () => 'a:');
          expect(statuses(await send(...(await lines(door)), ...many, 'X-API-Key: x'))).toEqual([431]);
          const target = `/${'a'.repeat(20_000)}`;
          expect(statuses(await send(...(await lines(door, { target }))))).toEqual([431]);
        });

        test('requests one behind the other are each answered, in order', async () => {
          const [good, bad] = [head(...(await lines(door))), head(...(await lines(door, {}, false)))];
          const last = head(...(await lines(door)), 'Connection: close');
          const exchange = await sendRaw(url(), good + bad + good + bad + last);
          expect(statuses(exchange)).toEqual([200, 401, 200, 401, 200]);
          const ids = exchange.responses.map(({ headers }) => headers.get('x-request-id'));
          expect(new Set(ids).size).toBe(5);
        });

        test('a target in absolute form is served as its path, whatever host it names', async () => {
          for (const [isGood, status] of [
            [true, 200],
            [false, 401],
          ] as const) {
            const [first = '', ...rest] = await lines(door, { target: '/a' }, isGood);
            for (const origin of ['http://keywright.internal', 'HTTP://elsewhere.example:1'])
              expect(
                statuses(await send(first.replace(' /', ` ${origin}/`), ...rest, 'Connection: close')),
              ).toEqual([status]);
          }
        });

        test('other targets lead nowhere', async () => {
          const [, ...rest] = await lines(door);
          const { slug } = await world();
          for (const target of [
            '*',
            'x',
            `http:///${door}/${slug}`,
            `${door}/${slug}`,
            `ftp://x/${door}/${slug}`,
          ]) {
            const exchange = await send(`GET ${target} HTTP/1.1`, ...rest, 'Connection: close');
            expect([400, 404], target).toContain(statuses(exchange)[0]);
          }
          const tunnel = await send('CONNECT 127.0.0.1:22 HTTP/1.1', ...rest);
          expect(statuses(tunnel).filter((status) => status < 300)).toEqual([]);
        });

        test('HTTP/1.0, no Host, an upgrade, and Expect', async () => {
          const all = await lines(door);
          const [first = '', host = '', ...rest] = all;
          const old = await send(first.replace('1.1', '1.0'), ...rest);
          expect([statuses(old), old.isClosed]).toEqual([[200], true]);
          expect(statuses(await send(first, ...rest))).toEqual([400]);
          const upgrade = await send(
            ...all,
            'Connection: Upgrade',
            'Upgrade: websocket',
            'Sec-WebSocket-Key: x',
          );
          expect(statuses(upgrade)).toEqual([200]);
          const waiting = await send(first, host, ...rest, 'Content-Length: 4', 'Expect: 100-continue');
          expect(statuses(waiting).at(-1)).toBe(200);
          expect(statuses(await send(...all, 'Expect: something'))).toEqual([417]);
        });

        test('no header that Connection names is left out', async () => {
          const names =
            'X-API-Key, X-Forwarded-For, X-Real-IP, X-Keywright-Key-Id, X-Forwarded-Uri, X-Original-URI';
          const all = await lines(door, { ip: '192.0.2.1' });
          expect(statuses(await send(...all, `Connection: close, ${names}`))).toEqual([200]);
        });
      });

      test('a head that comes slowly, or never, is given up, and holds nobody up', {
        timeout: 60_000,
      }, async () => {
        const started = doorNames.map(async (door) => {
          const [first = '', ...rest] = await lines(door);
          return sendRaw(url(), [first, ...rest, 'X-Slow: '].join('\r\n'), 30_000);
        });
        const quick = await send(...(await lines('forward-auth')), 'Connection: close');
        expect(statuses(quick)).toEqual([200]);
        for (const exchange of await Promise.all(started)) {
          expect(statuses(exchange)).toEqual([408]);
          expect(exchange.isClosed).toBe(true);
        }
      });

      test('a client that goes away in the middle is no error', async () => {
        const { hostname, port } = new URL(url());
        for (const door of doorNames) {
          const whole = head(...(await lines(door)));
          for (const bytes of [
            whole,
            whole.slice(0, 40),
            whole.replace('\r\n\r\n', '\r\nContent-Length: 9\r\n\r\nab'),
          ]) {
            const socket = connect(Number(port), hostname);
            await event(socket, 'connect');
            socket.write(bytes);
            socket.resetAndDestroy();
          }
        }
      });

      test('after all this the server is unharmed, and answers', async () => {
        for (const door of doorNames)
          expect(statuses(await send(...(await lines(door)), 'Connection: close'))).toEqual([200]);
        await expectUnharmed(at);
      });
    },
    where === 'auth' ? { env: { KEYWRIGHT_AUTH_PORT: '0' } } : {},
  );
});
