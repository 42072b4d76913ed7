import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../domain/error.ts';

interface JsonBody {
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** No body at all means `{}`. */
  optional: boolean;
}

/**
 * A body as the JSON that it is.
 * @throws unsupported_media_type, validation_failed for what is no UTF-8 or no JSON
 */
export function parseJsonBody({ headers, body, optional }: JsonBody): unknown {
  if (body.length === 0) {
    if (optional) return {};
    throw new DomainError('validation_failed', {
      detail: 'The body is empty; this route takes a JSON object.',
      errors: [{ path: '', message: 'is required' }],
    });
  }
  checkMediaType(headers);
  return parseJson(decodeUtf8(body));
}

const jsonType = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;

/** Whether a `Content-Type` says JSON. JSON is always UTF-8, and that is all that its parameter may say. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType === 'application/json' || (contentType !== undefined && jsonType.test(contentType));
}

function checkMediaType(headers: IncomingHttpHeaders): void {
  if (!isJsonType(headers['content-type'])) throw new DomainError('unsupported_media_type');
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw new DomainError('unsupported_media_type', {
      detail: 'The body is compressed; send it as plain JSON.',
    });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw invalidBody('is not UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidBody(`is not valid JSON${whereOf(error)}`);
  }
}

/** The place only: V8's message quotes the text around it, which may be somebody's secret. */
function whereOf(error: unknown): string {
  const place = error instanceof Error ? /\(line (\d+) column (\d+)\)$/.exec(error.message) : null;
  return place ? `: look at line ${place[1]}, column ${place[2]}` : '';
}

function invalidBody(message: string): DomainError {
  const errors = [{ path: '', message }];
  return new DomainError('validation_failed', { detail: `The body ${message}.`, errors });
}
