import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A response as it came over a connection, to its very end. */
interface RawResponse {
  status: number;
  headers: string;
  body: string;
}

/** A request of which only a part was sent so far. */
export interface SlowRequest {
  /** Sends the rest, and answers all that came back until the server closed the connection. */
  finish(): Promise<RawResponse>;
  /** When the server closed the connection, milliseconds of `performance.now()`. */
  closed: Promise<number>;
}

/** Sends all of a request but the last bytes of its body. */
export async function sendSlowly(
  url: string,
  { path, key, body, isChunked = false }: { path: string; key: string; body: object; isChunked?: boolean },
): Promise<SlowRequest> {
  const text = JSON.stringify(body);
  const [start, rest] = [text.slice(0, 5), text.slice(5)];
  const chunk = (part: string) => (isChunked ? `${part.length.toString(16)}\r\n${part}\r\n` : part);
  const length = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${text.length}`;
  const socket = await open(url);
  let received = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    received += part;
  });
  const closed = once(socket, 'close').then(() => performance.now());
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\n${length}\r\n\r\n${chunk(start)}`,
  );
  return {
    closed,
    async finish() {
      socket.write(chunk(rest) + (isChunked ? '0\r\n\r\n' : ''));
      await closed;
      return parse(received);
    },
  };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // What was cut off shows in what is missing.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function parse(received: string): RawResponse {
  const [headers = '', ...rest] = received.split('\r\n\r\n');
  return {
    status: Number(headers.split(' ')[1]),
    headers: headers.toLowerCase(),
    body: rest.join('\r\n\r\n'),
  };
}

/** How a client fared that asks without a pause over one connection, until it is told that this one ends. */
export interface Fate {
  answered: number;
  /** What became of the last request: told to leave, as it should be, or what went wrong. */
  end: 'told to leave' | `cut off: ${string}`;
}

/** Asks over a connection of its own, one request after the other, until a response says that it is the last one. */
export async function askWithoutPause(
  url: string,
  { path, key, body }: { path: string; key: string; body: object },
): Promise<Fate> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const fate: Fate = { answered: 0, end: 'told to leave' };
  try {
    for (;;) {
      const { status, connection, text } = await post(url + path, { agent, key, body });
      if (status !== 200) throw new Error(`${status} ${text}`);
      JSON.parse(text);
      fate.answered++;
      if (connection === 'close') return fate;
    }
  } catch (error) {
    return { ...fate, end: `cut off: ${String(error)}` };
  } finally {
    agent.destroy();
  }
}

function post(url: string, { agent, key, body }: { agent: Agent; key: string; body: object }) {
  return new Promise<{ status: number; connection: string | undefined; text: string }>((resolve, reject) => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    const asking = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, text }),
      );
    });
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}
