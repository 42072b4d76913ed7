import type { Preset } from '@keywright/contract';
import { presets } from '@keywright/contract';
import { useId } from 'react';
import { useText } from '../text/text.tsx';
import { PresetPicture } from './preset-picture.tsx';

interface PresetPickerProps {
  label: string;
  value: Preset;
  onChange(preset: Preset): void;
}

/** The looks that a project can have, each with its picture. */
export function PresetPicker({ label, value, onChange }: PresetPickerProps) {
  const t = useText();
  const name = useId();
  return (
    <fieldset>
      <legend className="sr-only">{label}</legend>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {presets.map((preset) => (
          <label
            key={preset}
            className="flex cursor-pointer flex-col rounded-xl border border-line bg-surface p-3 outline-offset-2 hover:border-line-strong has-checked:border-ink has-checked:ring-1 has-checked:ring-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <PresetPicture preset={preset} />
            <span className="mt-3 flex items-center gap-2 font-medium">
              <input
                type="radio"
                name={name}
                value={preset}
                checked={preset === value}
                aria-labelledby={`${name}-${preset}-name`}
                aria-describedby={`${name}-${preset}`}
                className="size-4 shrink-0 accent-ink outline-none"
                onChange={() => onChange(preset)}
              />
              <span id={`${name}-${preset}-name`}>{t(`preset.${preset}`)}</span>
            </span>
            <span id={`${name}-${preset}`} className="mt-1 text-[0.8125rem] text-muted">
              {t(`preset.${preset}.text`)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
