import { Download } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Card, Section } from './section.tsx';

/** What is kept about the person, to take along. */
export function DataSection({ accountId }: { accountId: string }) {
  const t = useText();
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const data = await api('GET /v1/accounts/{accountId}/export', { params: { accountId } });
      saveFile('keywright-my-data.json', 'application/json', JSON.stringify(data, null, 2));
    } catch (error) {
      notifyFailure(t('data.failed'), error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t('data.title')} text={t('data.text')}>
      <Card>
        <Button isBusy={isBusy} onClick={() => void save()}>
          <Download aria-hidden />
          {t('data.download')}
        </Button>
        <p className="mt-4 text-muted">{t('data.erasure')}</p>
      </Card>
    </Section>
  );
}
