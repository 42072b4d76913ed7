import type { ServiceKey } from '@keywright/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Cpu, Plus } from 'lucide-react';
import { useCallback } from 'react';
import { useIssued } from '../secret/use-issued.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { lateDialog } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import { ListFailure } from '../ui/list-failure.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { SecretDialog } from './late-secret-dialog.ts';
import { ServiceKeyList } from './service-key-list.tsx';
import { serviceKeysQuery } from './service-key-queries.ts';
import { useSettingsSearch } from './use-settings-search.ts';

const CreateDialog = lateDialog(
  async () => (await import('./create-service-key-dialog.tsx')).CreateServiceKeyDialog,
);
const RotateDialog = lateDialog(
  async () => (await import('./end-service-key-dialogs.tsx')).RotateServiceKeyDialog,
);
const DeleteDialog = lateDialog(
  async () => (await import('./end-service-key-dialogs.tsx')).DeleteServiceKeyDialog,
);

/** A service key with the secret that was just made; it is kept by what shows it, and nowhere else. */
export interface IssuedServiceKey {
  serviceKey: ServiceKey;
  secret: string;
}

/**
 * The service keys of a project, or of the instance, and all that can be done with them.
 * @param projectId null: those of the instance
 */
export function ServiceKeys({ projectId }: { projectId: string | null }) {
  const t = useText();
  const { search, change } = useSettingsSearch();
  const [issued, setIssued] = useIssued<IssuedServiceKey>(
    useCallback(({ serviceKey: { name } }) => t('serviceKeys.unseen', { name }), [t]),
  );
  const list = useQuery({
    ...serviceKeysQuery(projectId, search.cursor),
    placeholderData: keepPreviousData,
  });
  const items = list.data?.items;
  const chosen = items?.find(({ id }) => id === search.key);
  const isMissing = items !== undefined && !list.isPlaceholderData && !chosen;
  const close = () => change({ dialog: undefined, key: undefined });
  const createButton = (
    <Button look="primary" onClick={() => change({ dialog: 'create' }, true)}>
      <Plus aria-hidden />
      {t('serviceKeys.create')}
    </Button>
  );
  const isBare = items?.length === 0 && search.cursor === undefined;
  return (
    <>
      <Section
        isFlush
        title={t('serviceKeys.title')}
        text={t(projectId === null ? 'serviceKeys.textInstance' : 'serviceKeys.text')}
        actions={items && !isBare && createButton}
      >
        <div className="border-t border-line">
          {list.isError && !items ? (
            <ListFailure
              title={t('serviceKeys.notLoaded')}
              error={list.error}
              onRetry={() => void list.refetch()}
              onFirstPage={() => change({ cursor: undefined })}
            />
          ) : items === undefined ? (
            <div className="flex flex-col gap-4 p-4" aria-busy>
              <Skeleton className="h-5 w-full" />
              <Skeleton className="h-5 w-full" />
            </div>
          ) : isBare ? (
            <EmptyState icon={<Cpu />} title={t('serviceKeys.empty')} text={t('serviceKeys.emptyText')}>
              {createButton}
            </EmptyState>
          ) : (
            <ServiceKeyList
              items={items}
              showsProject={projectId === null}
              onDialog={(dialog, key) => change({ dialog, key }, true)}
            />
          )}
        </div>
        {list.data && !isBare && (
          <Pagination page={list.data.page} onPage={(cursor) => change({ cursor }, true)} />
        )}
      </Section>
      {search.dialog === 'create' && (
        <CreateDialog projectId={projectId} onClose={close} onIssued={setIssued} />
      )}
      {search.dialog === 'rotate' && chosen && (
        <RotateDialog serviceKey={chosen} onClose={close} onIssued={setIssued} />
      )}
      {search.dialog === 'delete' && chosen && <DeleteDialog serviceKey={chosen} onClose={close} />}
      {(search.dialog === 'rotate' || search.dialog === 'delete') && isMissing && (
        <UnavailableDialog title={t('serviceKeys.gone')} text={t('serviceKeys.goneText')} onClose={close} />
      )}
      {issued && <SecretDialog {...issued} onClose={() => setIssued(null)} />}
    </>
  );
}
