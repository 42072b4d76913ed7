import { OutdatedError } from './api-error.ts';
import { publicInstanceQuery, queryClient } from './queries.ts';

const pauseMs = 400;

/**
 * Loads code that is not there yet, and tries a second time before it gives up.
 * @throws UnreachableError when the server is away, OutdatedError when it has other code by now
 */
export async function loadCode<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    return await load().catch(explainFailure);
  }
}

/** Browsers do not say why code did not come: whether the server answers at all tells it. */
async function explainFailure(error: unknown): Promise<never> {
  await queryClient.fetchQuery({ ...publicInstanceQuery, staleTime: 0, retry: false });
  throw new OutdatedError(error);
}
