import type { z } from 'zod';
import type { Exchange } from '../wire/exchange.ts';
import { streamText } from './stream.ts';

const mediaType = 'application/x-ndjson';

/** Whether an `Accept` header names NDJSON, and not only to decline it. */
export function asksForNdjson(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === mediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** Streams rows, a line of JSON each. @see streamText */
export function streamNdjson<Row extends z.ZodType>(
  exchange: Exchange,
  schema: Row,
  rows: AsyncIterable<z.input<Row>>,
): Promise<Response> {
  return streamText(exchange, mediaType, linesOf(schema, rows));
}

async function* linesOf<Row extends z.ZodType>(
  schema: Row,
  rows: AsyncIterable<z.input<Row>>,
): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(schema.parse(row))}\n`;
}
