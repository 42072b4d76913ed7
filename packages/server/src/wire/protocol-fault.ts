import type { IncomingMessage } from 'node:http';

/** What speaks against a request by HTTP itself, before anybody looks at what it asks for. */
export interface ProtocolFault {
  status: 400 | 405 | 408 | 417 | 431 | 501;
  detail: string;
}

/** The fault as an answer: an error in the words of the server that it came to. */
interface FaultAnswer {
  requestId: string;
  headers: Record<string, string>;
  body: string;
}

/** @param incoming null: nothing that could be read as a request came */
export type DescribeFault = (fault: ProtocolFault, incoming: IncomingMessage | null) => FaultAnswer;

const noHost: ProtocolFault = { status: 400, detail: 'A request of HTTP/1.1 needs a Host header.' };
const manyHosts: ProtocolFault = { status: 400, detail: 'The Host header is sent more than once.' };

/** Which host a request is for must be said, and once (RFC 9112, 3.2). HTTP/1.0, which knows no Host, may leave it out. */
export function findHostFault({ headers, rawHeaders, httpVersion }: IncomingMessage): ProtocolFault | null {
  if (headers.host === undefined) return httpVersion === '1.1' ? noHost : null;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1 ? manyHosts : null;
}

export const unknownExpectation: ProtocolFault = {
  status: 417,
  detail: 'The only Expect that is met is 100-continue.',
};

export const noTunnel: ProtocolFault = {
  status: 405,
  detail: 'CONNECT is not taken: nothing here is a tunnel.',
};

export const unknownUpgrade: ProtocolFault = {
  status: 501,
  detail: 'The only upgrade that is made is the one to a WebSocket.',
};

const faultOfParserError: Readonly<Record<string, ProtocolFault>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers of the request are larger than 16 KiB.' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: 'The request did not come as a whole in the time for it.',
  },
};

/** What the parser of Node found, by the code of its error. */
export function describeParserError(code = ''): ProtocolFault {
  return (
    faultOfParserError[code] ?? {
      status: 400,
      detail: 'This is no HTTP/1.1: where the request ends, or what it says, cannot be told for sure.',
    }
  );
}
