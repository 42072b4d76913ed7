import type { FieldValues, Path, PathValue, UseFormReturn } from 'react-hook-form';

/**
 * Takes out of a form what was typed. By itself a form whose options keep it from changes that come from elsewhere would
 * keep it from this too.
 */
export function resetTo<Values extends FieldValues>(form: UseFormReturn<Values>, values: Values): void {
  form.reset(values, { keepDirtyValues: false });
}

/**
 * After saving: the form stands at what was saved, but for what was typed while the answer was on the way.
 * @param sent what stood in the form when it was sent
 */
export function resetToSaved<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  sent: Values,
  saved: Values,
): void {
  const now = structuredClone(form.getValues());
  resetTo(form, saved);
  for (const [field, value] of Object.entries(now)) {
    if (JSON.stringify(value) === JSON.stringify(sent[field])) continue;
    form.setValue(field as Path<Values>, value as PathValue<Values, Path<Values>>, { shouldDirty: true });
  }
}
