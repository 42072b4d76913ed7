import { CloudAlert } from 'lucide-react';
import { type ComponentType, type ReactNode, useEffect, useReducer, useState } from 'react';
import { loadCode } from '../api/load-code.ts';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';
import { explainError, notifyFailure } from './notify.tsx';
import { useIsHere } from './use-is-here.ts';
import { whenIdle } from './when-idle.ts';

// React's own `lazy` keeps a failure for good, and takes the page down with it: a server that is away for a moment, or
// was upgraded, would cost what is on the screen, a secret that is shown once among it. Here what does not come fails by
// itself, and is asked for anew whenever it is wanted again.

type Load<P> = () => Promise<ComponentType<P>>;

interface Failure<P> {
  error: unknown;
  /** What the part was given. */
  given: P;
  onRetry(): void;
}

interface LateOptions<P> {
  /** In its place until it is there. */
  waiting?: ReactNode;
  /** In its place when it did not come; left out: nothing, and nobody is told. */
  Failed?: ComponentType<Failure<P>>;
  /** Loaded as soon as the browser is idle: what is wanted most when the server is away. */
  isAhead?: boolean;
}

/** A part of the console whose code is loaded when it is first wanted. */
export type Late<P> = ComponentType<P> & {
  /** Loads it now. @throws UnreachableError, OutdatedError */
  load: Load<P>;
};

export function late<P extends object>(load: Load<P>, options: LateOptions<P> = {}): Late<P> {
  const { waiting = null, Failed, isAhead = false } = options;
  let loaded: ComponentType<P> | null = null;
  const loadPart = async () => {
    loaded ??= await loadCode(load);
    return loaded;
  };
  if (isAhead) whenIdle(() => void loadPart().catch(() => null));
  function Part(given: P) {
    const [attempt, retry] = useReducer((count: number) => count + 1, 0);
    const [Loaded, setLoaded] = useState(() => loaded);
    const [failed, setFailed] = useState<{ attempt: number; error: unknown } | null>(null);
    useEffect(() => {
      let isHere = true;
      loadPart().then(
        (part) => isHere && setLoaded(() => part),
        (error: unknown) => isHere && setFailed({ attempt, error }),
      );
      return () => {
        isHere = false;
      };
    }, [attempt]);
    if (Loaded) return <Loaded {...given} />;
    if (failed?.attempt !== attempt) return waiting;
    return Failed ? <Failed error={failed.error} given={given} onRetry={retry} /> : null;
  }
  return Object.assign(Part, { load: loadPart });
}

/**
 * What somebody opens. When it cannot be loaded that is said, and it is closed. It closes itself only: what was closed
 * while its answer was on the way must not close another one that was opened meanwhile.
 */
export function lateDialog<P extends { onClose(): void }>(load: Load<P>, isAhead = false): Late<P> {
  const Answer = lateAnswer<P>(load, ({ onClose }) => onClose(), isAhead);
  function Part(given: P) {
    const isHere = useIsHere();
    const onClose = () => {
      if (isHere()) given.onClose();
    };
    return <Answer {...given} onClose={onClose} />;
  }
  return Object.assign(Part, { load: Answer.load });
}

/** The same, closed by another answer. */
export function lateAnswer<P extends object>(
  load: Load<P>,
  close: (given: P) => void,
  isAhead = false,
): Late<P> {
  return late(load, {
    isAhead,
    Failed: ({ error, given }) => {
      const t = useText();
      // biome-ignore lint/correctness/useExhaustiveDependencies: it is told and closed once
      useEffect(() => {
        notifyFailure(t('late.notOpened'), error);
        close(given);
      }, []);
      return null;
    },
  });
}

/** A part of a page. When it cannot be loaded its place says so, and offers to try again. */
export function latePanel<P extends object>(load: Load<P>, waiting: ReactNode): Late<P> {
  return late(load, { waiting, Failed: FailedPanel });
}

function FailedPanel({ error, onRetry }: Pick<Failure<never>, 'error' | 'onRetry'>) {
  const t = useText();
  return (
    <div role="alert">
      <EmptyState icon={<CloudAlert />} title={t('late.notShown')} text={explainError(error)}>
        <Button onClick={onRetry}>{t('retry')}</Button>
      </EmptyState>
    </div>
  );
}
