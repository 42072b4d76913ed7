import type { Duplex } from 'node:stream';
import { errorTable } from '@keywright/contract';
import type { Logger } from 'pino';
import type { OpenStream, OpenStreams } from '../verification/open-streams.ts';
import type { LoadedChannel } from '../verification/verification-store.ts';
import type { Access } from '../wire/access.ts';
import { commonHeaders, type Exchange, settleConnection } from '../wire/exchange.ts';
import type { Metrics } from '../wire/metrics.ts';
import { toDomainError } from '../wire/problem.ts';
import { newRequestId } from '../wire/request-id.ts';
import { endLingering } from '../wire/send-problem.ts';
import type { AccessLog } from './access-log.ts';
import type { Admission, Admit, Passage } from './admission.ts';
import { describeDenial } from './denial.ts';
import { forwardHeaders } from './forwarded-headers.ts';
import { findTarget, type GatewayTarget } from './gateway-target.ts';
import { identityHeaders } from './identity-headers.ts';
import { type BreakOff, hasRequestBody, passOn } from './pass-on.ts';
import { passOnUpgrade } from './pass-on-upgrade.ts';
import { isPreflight } from './preflight.ts';
import { describeRefusal, type Refusal } from './refusal.ts';
import { describeFailure, noUpstream } from './upstream-failure.ts';
import { createUpstreamFailureLog } from './upstream-failure-log.ts';
import type { UpstreamPools } from './upstream-pools.ts';

export interface GatewayDependencies {
  admit: Admit;
  pools: Pick<UpstreamPools, 'get'>;
  streams: Pick<OpenStreams, 'add' | 'remove'>;
  access: Pick<Access, 'addressOf' | 'hopsOf' | 'isSecure'>;
  /** Below it each channel has a host name; null: there is none. */
  domain: string | null;
  metrics: Pick<Metrics, 'countVerification' | 'observeRequest'>;
  accessLog: Pick<AccessLog, 'add'>;
  logger: Pick<Logger, 'error' | 'warn'>;
}

/** A connection that came by an upgrade. */
interface Upgrade {
  socket: Duplex;
  /** What of it came behind the request's head. */
  head: Buffer;
  /** Told when it was joined with the upstream's, and has ended. */
  onOpen(breakOff: BreakOff): void;
  onClosed(): void;
}

interface Served {
  exchange: Exchange;
  ip: string;
  target: GatewayTarget | null;
  channel: LoadedChannel | null;
  keyId: string | null;
  code: string | null;
  /** As which it is known as long as it goes on; null: it did not pass, or without a key. */
  stream: OpenStream | null;
  /** Its admission was waited for: a row of the ledger may have come in between. */
  isLate: boolean;
}

/** Serves one request: by its key it goes on to the channel's upstream, or is refused here. */
export type ServeGateway = (exchange: Exchange, upgrade?: Upgrade) => void;

/** The built-in gateway: what a proxy and its configuration do elsewhere, with the same decision. */
export function createGateway(dependencies: GatewayDependencies): ServeGateway {
  const { admit, pools, streams, access, domain, metrics, accessLog, logger } = dependencies;
  const bases = new WeakMap<LoadedChannel, Base>();
  const logFailure = createUpstreamFailureLog(logger);

  return (exchange, upgrade) => {
    const { incoming, outgoing } = exchange;
    exchange.route = 'gateway';
    // A client's own id could be that of any other request.
    exchange.requestId = newRequestId();
    const found = findTarget(incoming, domain);
    const target = found !== null && 'channel' in found ? found : null;
    const ip = access.addressOf(incoming);
    const served: Served = {
      exchange,
      ip,
      target,
      channel: null,
      keyId: null,
      code: null,
      stream: null,
      isLate: false,
    };
    outgoing.once('close', () => end(served));
    try {
      if (found === null || 'fault' in found) {
        refuse(served, found === null ? noChannel : badTarget(found.fault));
        return;
      }
      if (!isOneCoding(incoming.headers['transfer-encoding'])) {
        refuse(served, badCoding);
        return;
      }
      // It would show a client the headers that the upstream is sent.
      if (incoming.method === 'TRACE') {
        refuse(served, noTrace);
        return;
      }
      const admission = admit(readRequest(exchange, found, ip));
      if (admission instanceof Promise) {
        served.isLate = true;
        admission.then((found) => answer(served, found, upgrade)).catch((error) => fail(served, error));
      } else answer(served, admission, upgrade);
    } catch (error) {
      fail(served, error);
    }
  };

  function answer(served: Served, admission: Admission, upgrade: Upgrade | undefined): void {
    if (admission.outcome === 'no_channel') {
      refuse(served, noChannel);
      return;
    }
    served.channel = admission.channel;
    if (admission.outcome === 'passed') {
      if (admission.key !== null) metrics.countVerification('valid');
      send(served, admission, upgrade);
      return;
    }
    if (admission.reason !== 'bad_request') metrics.countVerification(admission.reason);
    served.code = admission.reason;
    const { headers, body } = describeDenial(admission, served.exchange);
    write(served, admission.status, headers, body);
  }

  function send(served: Served, passage: Passage, upgrade: Upgrade | undefined): void {
    const { exchange } = served;
    const { incoming, outgoing, requestId } = exchange;
    const { channel, key } = passage;
    served.keyId = key?.id ?? null;
    const base = baseOf(channel);
    if (base === null) {
      refuse(served, noUpstream);
      return;
    }
    // A connection that was let go in the meantime wants nothing any more.
    if (outgoing.destroyed) return;
    const fail = (error: unknown) => {
      const failure = describeFailure(error);
      logFailure(error, { channel, requestId, code: failure.code });
      refuse(served, failure);
    };
    let breakOff: BreakOff = () => {};
    served.stream = key && {
      key,
      hash: key.hash,
      channelId: channel.id,
      ip: served.ip,
      scopesAt: passage.scopesAt,
      close: () => {
        served.code = 'key_died';
        breakOff(new Error('the key died'));
      },
    };
    try {
      const passing = {
        incoming,
        outgoing,
        pool: pools.get(base.origin),
        path: `${base.path}${passage.path}${served.target?.search ? `?${served.target.search}` : ''}`,
        headers: headersFor(served, passage),
        ownHeaders: { 'X-Request-Id': requestId, ...passage.headers },
        settle: () => settleConnection(exchange),
        onFailure: fail,
      };
      if (served.stream !== null) streams.add(served.stream, served.isLate);
      if (upgrade === undefined) {
        if (incoming.headers.expect !== undefined) outgoing.writeContinue();
        breakOff = passOn(passing);
        return;
      }
      const { socket, head, onOpen } = upgrade;
      const onUpgraded = () => {
        served.code ??= 'upgraded';
        onOpen(breakOff);
      };
      breakOff = passOnUpgrade({ ...passing, socket, head, onUpgraded, onClosed: upgrade.onClosed });
    } catch (error) {
      fail(error);
    }
  }

  function headersFor({ exchange, target }: Served, { channel, key }: Passage): string[] {
    const { incoming, requestId } = exchange;
    const isByPath = target !== null && exchange.path !== target.path;
    return forwardHeaders(incoming.rawHeaders, channel.gateway.credentials, {
      identity: identityHeaders(key, channel),
      requestId,
      forwardedFor: access.hopsOf(incoming),
      proto: access.isSecure(incoming) ? 'https' : 'http',
      host: incoming.headers.host ?? '',
      prefix: isByPath ? `/${target.channel}` : '',
    });
  }

  function baseOf(channel: LoadedChannel): Base | null {
    if (channel.upstream === null) return null;
    let base = bases.get(channel);
    if (base === undefined) {
      const { origin, pathname } = new URL(channel.upstream);
      base = { origin, path: pathname.replace(/\/$/, '') };
      bases.set(channel, base);
    }
    return base;
  }

  function refuse(served: Served, refusal: Refusal): void {
    served.code = refusal.code;
    const { headers, body } = describeRefusal(refusal, served.exchange.requestId);
    write(served, refusal.status, headers, body);
  }

  function write({ exchange }: Served, status: number, headers: Record<string, string>, body: string): void {
    const { incoming, outgoing } = exchange;
    if (outgoing.destroyed) return;
    settleConnection(exchange);
    const isBodyUnread = hasRequestBody(incoming) && !incoming.complete;
    if (isBodyUnread) outgoing.shouldKeepAlive = false;
    outgoing.writeHead(status, {
      ...commonHeaders(exchange),
      ...headers,
      'Content-Length': String(Buffer.byteLength(body)),
    });
    // In a coding that the parser does not know there is no body to wait for: it ends the connection itself.
    const hasMore = isBodyUnread && !incoming.destroyed && isOneCoding(incoming.headers['transfer-encoding']);
    if (hasMore) endLingering(incoming, outgoing, body);
    else outgoing.end(body);
  }

  function fail(served: Served, thrown: unknown): void {
    const error = toDomainError(thrown);
    const { requestId } = served.exchange;
    if (error.code !== 'unavailable')
      logger.error({ err: error.cause ?? error, requestId }, 'request failed');
    const code = error.code === 'unavailable' ? 'unavailable' : 'internal';
    refuse(served, { status: errorTable[code].status, code, detail: errorTable[code].title });
  }

  function end(served: Served): void {
    if (served.stream !== null) streams.remove(served.stream);
    observe(served);
  }

  function observe({ exchange, ip, target, channel, keyId, code }: Served): void {
    const { incoming, outgoing, requestId, startedAt } = exchange;
    const durationMs = performance.now() - startedAt;
    const method = incoming.method ?? '';
    const status = outgoing.headersSent ? outgoing.statusCode : clientGone;
    metrics.observeRequest({ method, route: 'gateway', status, durationMs });
    accessLog.add({
      requestId,
      ip,
      method,
      channel: channel?.slug ?? target?.channel ?? null,
      path: target?.path ?? exchange.path,
      status: code === 'upgraded' ? 101 : status,
      ms: Math.round(durationMs * 10) / 10,
      keyId,
      code: code === 'upgraded' ? null : code,
    });
  }
}

/** An upstream's address in its two parts. */
interface Base {
  origin: string;
  /** Without a slash at the end. */
  path: string;
}

/** nginx's number for a client that went away before its answer. */
const clientGone = 499;
/** As the verification API takes it. */
const longestAgent = 2000;

const noChannel: Refusal = Object.freeze({
  status: 404,
  code: 'no_channel',
  detail: 'There is no channel at this address.',
});

function badTarget(detail: string): Refusal {
  return { status: 400, code: 'bad_request', detail };
}

const badCoding: Refusal = Object.freeze({
  status: 400,
  code: 'bad_request',
  detail: 'The only Transfer-Encoding that is taken is chunked.',
});

/** Node's parser looks at others only when the body comes, and by then the request would be on its way. */
function isOneCoding(coding: string | undefined): boolean {
  return coding === undefined || coding.toLowerCase() === 'chunked';
}

const noTrace: Refusal = Object.freeze({
  status: 405,
  code: 'method_not_allowed',
  detail: 'TRACE is not passed on.',
});

function readRequest({ incoming, requestId }: Exchange, target: GatewayTarget, ip: string) {
  const { method = '', headers, rawHeaders } = incoming;
  return {
    ...target,
    door: 'gateway' as const,
    requestId,
    method,
    rawHeaders,
    isPreflight: isPreflight(method, headers),
    ip,
    userAgent: headers['user-agent']?.slice(0, longestAgent) ?? null,
  };
}
