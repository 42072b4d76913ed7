import { type endpoints, type ListLedgerQuery, ledgerExportRow } from '@keywright/contract';
import type { Caller } from '../../../domain/caller.ts';
import type { Context } from '../../../domain/context.ts';
import { invalidField } from '../../../domain/error.ts';
import { exportLedger } from '../../../ledger/export-ledger.ts';
import { listLedger } from '../../../ledger/list-ledger.ts';
import type { Exchange } from '../../../wire/exchange.ts';
import { asksForNdjson, streamNdjson } from '../../ndjson.ts';
import { readQuery } from '../../query.ts';
import { answerJson } from '../../route.ts';

interface LedgerRequest {
  exchange: Exchange;
  context: Context;
  caller: Caller;
  /** null: of the whole instance. */
  projectId: string | null;
  query: ListLedgerQuery;
}

/** A page of the ledger as JSON, or all of it as NDJSON: whichever `Accept` asks for. */
export async function answerLedger(
  endpoint: typeof endpoints.listLedger | typeof endpoints.listProjectLedger,
  { exchange, context, caller, projectId, query }: LedgerRequest,
): Promise<Response> {
  if (!asksForNdjson(exchange.incoming.headers.accept)) {
    return answerJson(endpoint, await listLedger(context, caller, projectId, query));
  }
  refusePages(exchange.search);
  const { limit: _, cursor: __, ...filters } = query;
  return streamNdjson(exchange, ledgerExportRow, exportLedger(context, caller, projectId, filters));
}

/**
 * An export is never a part: what is cut off its beginning or end could not be told from the whole.
 * @throws validation_failed
 */
function refusePages(search: string): void {
  const given = readQuery(search);
  for (const name of ['limit', 'cursor']) {
    if (name in given) throw invalidField(name, 'is for pages; an export holds all that the filters give');
  }
}
