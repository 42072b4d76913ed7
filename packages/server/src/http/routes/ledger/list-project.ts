import { endpoints } from '@keywright/contract';
import { rawRoute } from '../../route.ts';
import { answerLedger } from './answer-ledger.ts';

const endpoint = endpoints.listProjectLedger;

export const listProjectLedgerRoute = rawRoute(endpoint, (input, c) =>
  answerLedger(endpoint, { ...input, exchange: c.env, projectId: input.params.projectId }),
);
