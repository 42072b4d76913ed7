import { UsageError } from '../usage-error.ts';
import type { ImportRecord } from './read-records.ts';

/** An array of keys, or an object with them in `keys`, as the API takes it. */
export function parseJson(text: string): ImportRecord[] {
  const content = parse(text);
  if (content === undefined)
    throw new UsageError('The file is no JSON: is it cut off, or one object a line (.ndjson)?');
  const keys = Array.isArray(content) ? content : (content as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys))
    throw new UsageError('The JSON must be an array of keys, or an object with "keys".');
  return keys.map((value, index) => ({ place: `record ${index + 1}`, value, fault: null }));
}

/** A key a line. A line that is no JSON is a fault of that line. */
export function parseNdjson(text: string): ImportRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parse(line);
    // The parser's own message would quote the line, which may hold what should not be in it.
    return [{ place: `line ${index + 1}`, value, fault: value === undefined ? 'is no JSON' : null }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
