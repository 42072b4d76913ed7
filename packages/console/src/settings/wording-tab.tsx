import { RotateCcw, SearchX } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { saveProject } from './save-project.ts';
import { useSettingsSearch } from './use-settings-search.ts';
import { listWordingParts, mostAtOnce, type WordingPart, wordingGroups } from './wording-parts.ts';
import { WordingRow } from './wording-row.tsx';

const apiUrlKey = 'secret.apiUrl';

/** The project's own words: every text that a provider may want to say otherwise, with what stands there now. */
export function WordingTab() {
  const t = useText();
  const { project } = useProject();
  /** What was typed and is not saved. */
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const textOf = (key: string) => drafts[key] ?? project.wording[key] ?? '';
  const changes = Object.entries(drafts).filter(
    ([key, text]) => text.trim() !== (project.wording[key] ?? ''),
  );
  const apiUrlFault = isWebAddress(textOf(apiUrlKey)) ? undefined : t('wording.apiUrl.fault');
  const change = (key: string, text: string) => setDrafts((before) => ({ ...before, [key]: text }));
  const save = async () => {
    setBusy(true);
    try {
      await saveProject(project.id, {
        wording: Object.fromEntries(changes.map(([key, text]) => [key, text.trim() || null])),
      });
      setDrafts((now) => withoutSaved(now, drafts));
      notifySuccess(t('settings.saved'));
    } catch (error) {
      notifyFailure(t('settings.notSaved'), error);
    } finally {
      setBusy(false);
    }
  };
  const isTooMany = changes.length > mostAtOnce;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && changes.length > 0 && !isTooMany && !apiUrlFault) void save();
      }}
    >
      <p className="mb-5 max-w-2xl text-muted">{t('wording.text', { example: '{name}' })}</p>
      <div className="mb-6 rounded-2xl border border-line bg-surface p-4 sm:p-6">
        <Field
          label={t('wording.apiUrl')}
          hint={t('wording.apiUrl.hint')}
          fault={apiUrlFault}
          className="max-w-2xl"
        >
          {(control) => (
            <Input
              {...control}
              type="url"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              maxLength={500}
              placeholder="https://api.example.com/v1/me"
              value={textOf(apiUrlKey)}
              onChange={({ target }) => change(apiUrlKey, target.value)}
            />
          )}
        </Field>
      </div>
      <Parts textOf={textOf} onChange={change} />
      <SaveBar
        count={changes.length}
        isTooMany={isTooMany}
        isBlocked={apiUrlFault !== undefined}
        isBusy={isBusy}
        onReset={() => setDrafts({})}
      />
      <UnsavedGuard isDirty={changes.length > 0} isSaving={isBusy} />
    </form>
  );
}

interface PartsProps {
  textOf(key: string): string;
  onChange(key: string, text: string): void;
}

function Parts({ textOf, onChange }: PartsProps) {
  const t = useText();
  const { project } = useProject();
  const { search, change } = useSettingsSearch();
  const onlyOwnId = useId();
  const sought = (search.q ?? '').toLocaleLowerCase();
  const parts = useMemo(() => listWordingParts(project.preset), [project.preset]);
  const found = parts.filter(
    (part) =>
      (search.own !== true || project.wording[part.key] !== undefined) &&
      [part.key, part.text, textOf(part.key)].some((each) => each.toLocaleLowerCase().includes(sought)),
  );
  return (
    <section
      aria-label={t('settings.tab.wording')}
      className="overflow-hidden rounded-2xl border border-line bg-surface"
    >
      <search className="flex flex-wrap items-center gap-x-5 gap-y-3 border-b border-line p-3">
        <SearchField
          value={search.q ?? ''}
          label={t('wording.search')}
          hint={t('wording.searchHint')}
          onSearch={(q) => change({ q: q || undefined })}
        />
        <span className="flex items-center gap-2.5">
          <Checkbox
            id={onlyOwnId}
            checked={search.own === true}
            onChange={(isOn) => change({ own: isOn ? true : undefined }, true)}
          />
          <label htmlFor={onlyOwnId}>{t('wording.onlyOwn')}</label>
        </span>
      </search>
      {found.length === 0 ? (
        <EmptyState icon={<SearchX />} title={t('wording.none')} text={t('wording.noneText')}>
          <Button onClick={() => change({ q: undefined, own: undefined }, true)}>{t('wording.all')}</Button>
        </EmptyState>
      ) : (
        wordingGroups.map((group) => (
          <Group
            key={group}
            title={t(`wording.group.${group}`)}
            parts={found.filter((part) => part.group === group)}
            textOf={textOf}
            onChange={onChange}
          />
        ))
      )}
    </section>
  );
}

function Group({
  title,
  parts,
  textOf,
  onChange,
}: PartsProps & { title: string; parts: readonly WordingPart[] }) {
  if (parts.length === 0) return null;
  return (
    <>
      <h2 className="border-b border-line bg-sunken px-4 py-2 text-[0.8125rem] font-medium">{title}</h2>
      <ul className="divide-y divide-line border-b border-line last:border-0">
        {parts.map((part) => (
          <WordingRow key={part.key} part={part} own={textOf(part.key)} onChange={onChange} />
        ))}
      </ul>
    </>
  );
}

interface SaveBarProps {
  count: number;
  isTooMany: boolean;
  isBlocked: boolean;
  isBusy: boolean;
  onReset(): void;
}

/** At the foot of the screen, as far as the list may go; at the left, where no notification ever stands in front of it. */
function SaveBar({ count, isTooMany, isBlocked, isBusy, onReset }: SaveBarProps) {
  const t = useText();
  if (count === 0) return null;
  return (
    <div className="sticky bottom-3 z-10 mt-4 flex flex-wrap items-center gap-3 rounded-2xl border border-line-strong bg-surface px-4 py-3 shadow-raised">
      <Button type="submit" look="primary" isBusy={isBusy} isBlocked={isTooMany || isBlocked}>
        {t('save')}
      </Button>
      <Button look="ghost" onClick={onReset}>
        <RotateCcw aria-hidden />
        {t('settings.reset')}
      </Button>
      <p role="status" className="font-medium">
        {isTooMany ? t('wording.tooMany', { count: mostAtOnce }) : t('wording.changes', { count })}
      </p>
    </div>
  );
}

/** What was typed since it was sent. */
function withoutSaved(
  now: Readonly<Record<string, string>>,
  sent: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(now).filter(([key, text]) => sent[key] !== text));
}

function isWebAddress(text: string): boolean {
  if (text.trim() === '') return true;
  return /^https?:$/.test(URL.parse(text.trim())?.protocol ?? '');
}
