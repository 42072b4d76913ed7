import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { hasErrorCode } from '../../error-code.ts';
import { probeControl } from '../connection/connect.ts';
import { controlFile } from '../connection/control-file.ts';
import { explainError } from '../say.ts';
import { type Check, failed, ok, warning } from './check.ts';

const name = 'control file';

/** Whether commands of this machine find the server that runs, and only its user can give it orders. */
export async function checkControl(config: Config): Promise<Check[]> {
  const path = join(config.dataDir, controlFile);
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      return [
        failed(name, `${path} is open to others: who reads it may do everything.`, `chmod 600 ${path}`),
      ];
    const left = await probeControl(config);
    if (left === null) {
      const message = `${path} leads to no server: the one that left it was killed, or is of another database.`;
      return [ok(name, message)];
    }
    if (!left.hangs) return [ok(name, `commands reach the server at ${left.api.url}.`)];
    const { url, pid } = left.control;
    return [
      failed(
        name,
        `the server at ${url} (process ${pid}) hangs: it gives no answer.`,
        'If it does not answer soon, end that process and start it again.',
      ),
    ];
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    return [warning(name, explainError(error).join(' '), 'Run this as the user that the server runs as.')];
  }
}
