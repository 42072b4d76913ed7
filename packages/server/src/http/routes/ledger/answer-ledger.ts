import { type endpoints, type ListLedgerQuery, ledgerExportRow } from '@keywright/contract';
import type { Caller } from '../../../domain/caller.ts';
import type { Context } from '../../../domain/context.ts';
import { exportLedger } from '../../../ledger/export-ledger.ts';
import { listLedger } from '../../../ledger/list-ledger.ts';
import type { Exchange } from '../../../wire/exchange.ts';
import { asksForNdjson, streamNdjson } from '../../ndjson.ts';
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
  return streamNdjson(exchange, ledgerExportRow, exportLedger(context, caller, projectId, query));
}
