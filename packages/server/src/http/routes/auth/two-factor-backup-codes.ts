import { backupCodesAnswer, noFields } from '@keywright/contract';
import { renewBackupCodes } from '../../../accounts/second-factor.ts';
import { authRoute } from '../../auth-route.ts';

export const renewBackupCodesRoute = authRoute(
  { method: 'POST', path: '/two-factor/backup-codes', body: noFields, answer: backupCodesAnswer },
  async ({ services, session }) => ({
    answer: { backupCodes: await renewBackupCodes(services, await session()) },
  }),
);
