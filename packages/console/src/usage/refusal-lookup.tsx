import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { useAddressText } from '../keys/use-address-text.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { explainError } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { RefusalExplanation } from './refusal-explanation.tsx';

function refusalQuery(projectId: string, requestId: string) {
  return queryOptions({
    queryKey: ['projects', projectId, 'refusal', requestId],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/refusals/{requestId}', { params: { projectId, requestId }, signal }),
    staleTime: 60_000,
  });
}

interface RefusalLookupProps {
  request: string | undefined;
  onAsk(request: string | undefined): void;
}

/** Why was this request refused? Asked by the id that the answer had. */
export function RefusalLookup({ request, onAsk }: RefusalLookupProps) {
  const t = useText();
  const { project, canOperate } = useProject();
  const { text, type, fault } = useAddressText(request ?? '');
  const query = useQuery({ ...refusalQuery(project.id, request ?? ''), enabled: request !== undefined });
  const { data, error, isFetching, refetch } = query;
  return (
    <section aria-labelledby="why" className="rounded-2xl border border-line bg-surface p-4">
      <h2 id="why" className="text-base font-semibold">
        {t('refusal.why')}
      </h2>
      <form
        className="mt-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = text.trim();
          if (wanted === request) void refetch();
          else onAsk(wanted || undefined);
        }}
      >
        <Field
          label={t('refusal.requestId')}
          hint={t('refusal.requestIdHint')}
          fault={fault}
          className="w-full max-w-xl"
        >
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                value={text}
                autoComplete="off"
                spellCheck={false}
                className="font-mono text-[0.8125rem]"
                onChange={({ target }) => type(target.value)}
              />
              <Button type="submit" isBusy={isFetching}>
                {t('refusal.explain')}
              </Button>
            </div>
          )}
        </Field>
      </form>
      <div aria-live="polite">
        {request !== undefined && (
          <div className="mt-4">
            {data ? (
              <RefusalExplanation refusal={data} />
            ) : error ? (
              <p role="alert" className="rounded-xl bg-sunken px-4 py-3">
                {error instanceof ApiError && (error.status === 404 || error.status === 400)
                  ? t(canOperate ? 'refusal.unknown' : 'refusal.unknownOwn')
                  : explainError(error)}
              </p>
            ) : (
              <Skeleton className="h-28 w-full" />
            )}
          </div>
        )}
      </div>
    </section>
  );
}
