import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { buttonClass } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { explainError } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { hashFoundSecret } from './hash-secret.ts';

/** Which key a secret is or was that somebody found. Only its hash is asked about and kept. */
export function FoundSecretDialog({ secret, onClose }: { secret: string; onClose(): void }) {
  const sha256 = hashFoundSecret(secret);
  const t = useText();
  const { data, error } = useQuery({
    queryKey: ['identify', sha256],
    queryFn: () => api('POST /v1/keys/identify', { body: { sha256 } }),
    gcTime: 0,
  });
  const isUnknown = error instanceof ApiError && error.status === 404;
  return (
    <Dialog open width="narrow" title={t('found.title')} description={t('found.text')} onClose={onClose}>
      {!data && !error && <Skeleton className="h-16 w-full" />}
      {error && <p role="alert">{isUnknown ? t('found.unknown') : explainError(error)}</p>}
      {data && (
        <>
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
            <dt className="text-muted">{t('keys.column.name')}</dt>
            <dd className="font-medium break-words">{data.key.name}</dd>
            <dt className="text-muted">{t('keys.column.status')}</dt>
            <dd>
              {data.key.status === 'deleted' ? t('found.deleted') : t(`keys.status.${data.key.status}`)}
            </dd>
            <dt className="text-muted">{t('found.secret')}</dt>
            <dd>{t(`found.${data.secret}`)}</dd>
            <dt className="text-muted">{t('keys.column.created')}</dt>
            <dd>{formatDateTime(data.key.createdAt)}</dd>
          </dl>
          {data.key.status !== 'deleted' && (
            <Link
              to="/apikeys/$keyId"
              params={{ keyId: data.key.id }}
              search={{ project: data.key.projectId }}
              className={`${buttonClass('primary')} mt-5`}
            >
              {t('keys.open')}
            </Link>
          )}
        </>
      )}
    </Dialog>
  );
}
