import type { AccountRecord } from '@keywright/contract';
import { api } from '../api/api.ts';
import type { Translate } from '../text/text.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { saveFile } from '../ui/save-file.ts';

/** All that is kept about a person, as a file. */
export async function downloadAccount({ id, name }: AccountRecord, t: Translate): Promise<void> {
  try {
    const data = await api('GET /v1/accounts/{accountId}/export', { params: { accountId: id } });
    saveFile(`${id}.json`, 'application/json', JSON.stringify(data, null, 2));
    notifySuccess(t('accounts.exported', { name }));
  } catch (error) {
    notifyFailure(t('accounts.notExported', { name }), error);
  }
}
