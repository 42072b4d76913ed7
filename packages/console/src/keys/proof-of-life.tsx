import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { isSignedOut, pollEvery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { keyQuery } from './key-queries.ts';

const refetchMs = 2000;

/** Waits for the key's first request, and shows it when it comes: then it works where it was put. */
export function ProofOfLife({ k }: { k: Key }) {
  const t = useText();
  const { data, error } = useQuery({
    ...keyQuery(k.id),
    refetchInterval: (query) => !isUsed(k, query.state.data) && pollEvery(refetchMs)(query),
  });
  const isAlive = isUsed(k, data);
  return (
    <div
      role="status"
      data-testid="proof-of-life"
      className={`mt-5 flex items-start gap-3 rounded-xl border px-3.5 py-3 ${isAlive ? 'border-good/40 bg-good-soft text-good' : 'border-line text-muted'}`}
    >
      <Radio
        className={`mt-0.5 size-4 shrink-0 ${isAlive || isSignedOut(error) ? '' : 'animate-pulse'}`}
        aria-hidden
      />
      {isAlive && data?.lastUsedAt ? (
        <div className="min-w-0 text-[0.8125rem]">
          <p className="font-medium">{t('proofOfLife.came')}</p>
          <p className="break-words">
            {formatDateTime(data.lastUsedAt)}
            {data.lastUsedIp && ` · ${data.lastUsedIp}`}
            {data.lastUsedAgent && ` · ${data.lastUsedAgent}`}
          </p>
        </div>
      ) : (
        <p className="text-[0.8125rem]">
          {t(isSignedOut(error) ? 'proofOfLife.signedOut' : 'proofOfLife.waiting')}
        </p>
      )}
    </div>
  );
}

/** Since the secret was made: a key that was rotated has been used before. */
function isUsed(before: Key, now: Key | undefined): boolean {
  return now !== undefined && now.lastUsedAt !== null && now.lastUsedAt !== before.lastUsedAt;
}
