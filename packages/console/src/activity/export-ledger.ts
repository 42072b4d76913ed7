import type { Problem } from '@keywright/contract';
import { ApiError, UnreachableError } from '../api/api-error.ts';
import { saveFile } from '../ui/save-file.ts';
import type { ActivitySearch } from './activity-search.ts';
import { ledgerFilter } from './ledger-queries.ts';

const type = 'application/x-ndjson';

/**
 * Downloads what is listed, all pages of it, one row in each line, the oldest first.
 * @param projectId null: the whole instance
 * @throws ApiError, UnreachableError
 */
export async function exportLedger(projectId: string | null, search: ActivitySearch): Promise<void> {
  const query = new URLSearchParams(
    Object.entries(ledgerFilter(search)).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const path = projectId === null ? '/v1/ledger' : `/v1/projects/${projectId}/ledger`;
  const response = await fetch(`${path}?${query}`, { headers: { Accept: type } }).catch((error: unknown) => {
    throw new UnreachableError(error, false);
  });
  if (!response.ok) throw new ApiError(response, (await response.json().catch(() => null)) as Problem | null);
  // The connection may break in the middle: half an export is none.
  const content = await response.blob().catch((error: unknown) => {
    throw new UnreachableError(error, false);
  });
  saveFile(projectId === null ? 'ledger.ndjson' : `ledger-${projectId}.ndjson`, type, content);
}
