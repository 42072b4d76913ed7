import { endpoints } from '@keywright/contract';
import { rawRoute } from '../../route.ts';
import { answerLedger } from './answer-ledger.ts';

const endpoint = endpoints.listLedger;

export const listLedgerRoute = rawRoute(endpoint, (input, c) =>
  answerLedger(endpoint, { ...input, exchange: c.env, projectId: null }),
);
