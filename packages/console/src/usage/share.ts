const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

/** "12.5%"; a share that is there is never written as nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = part / whole;
  return part > 0 && share < 0.001 ? `< ${percent.format(0.001)}` : percent.format(share);
}
