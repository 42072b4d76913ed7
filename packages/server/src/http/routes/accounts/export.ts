import { accountExportHead, endpoints, exportedKey, ledgerRow } from '@keywright/contract';
import type { z } from 'zod';
import { exportAccount } from '../../../accounts/export-account.ts';
import { rawRoute } from '../../route.ts';
import { streamText } from '../../stream.ts';

export const exportAccountRoute = rawRoute(
  endpoints.exportAccount,
  async ({ context, caller, params }, c) => {
    const { head, keys, ledger } = await exportAccount(context, caller, params.accountId);
    async function* pieces() {
      // The head without its closing brace: the long lists follow in the same object.
      yield JSON.stringify(accountExportHead.parse(head)).slice(0, -1);
      yield* listPieces(',"keys":', exportedKey, keys);
      yield* listPieces(',"ledger":', ledgerRow, ledger);
      yield '}';
    }
    return streamText(c.env, 'application/json', pieces());
  },
);

async function* listPieces<Item extends z.ZodType>(
  name: string,
  schema: Item,
  items: AsyncIterable<z.input<Item>>,
): AsyncGenerator<string> {
  yield `${name}[`;
  let separator = '';
  for await (const item of items) {
    yield separator + JSON.stringify(schema.parse(item));
    separator = ',';
  }
  yield ']';
}
