import { codeLooks, type UsageCode, usageCodes } from './codes.ts';

const size = 8;
const shapes = {
  solid: 'M0 0H8V8H0Z',
  rising: 'M-2 2L2 -2M-2 10L10 -2M6 10L10 6',
  falling: 'M-2 6L2 10M-2 -2L10 10M6 -2L10 2',
  level: 'M0 2H8M0 6H8',
  upright: 'M2 0V8M6 0V8',
  dots: 'M2 2h.01M6 6h.01',
  rings: 'M4 1.5A2.5 2.5 0 1 1 3.99 1.5',
  grid: 'M0 4H8M4 0V8',
  cross: 'M-1 -1L9 9M9 -1L-1 9',
  wave: 'M0 3L2 1L6 5L8 3M0 7L2 5L6 9L8 7',
  checks: 'M0 0H4V4H0ZM4 4H8V8H4Z',
} as const;
const filled: ReadonlySet<string> = new Set(['solid', 'checks']);

/** The fill of an outcome, wherever on the page it is drawn; `CodePatterns` must be there too. */
export function codeFill(code: UsageCode): string {
  return `url(#code-${code})`;
}

/** The patterns that fills refer to. It takes no room. */
export function CodePatterns() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden focusable="false">
      <defs>
        {usageCodes.map((code) => {
          const { colour, pattern } = codeLooks[code];
          const ink = { stroke: `var(--${colour})`, fill: filled.has(pattern) ? `var(--${colour})` : 'none' };
          return (
            <pattern key={code} id={`code-${code}`} width={size} height={size} patternUnits="userSpaceOnUse">
              <rect width={size} height={size} style={{ fill: `var(--${colour})`, opacity: 0.18 }} />
              <path
                d={shapes[pattern]}
                strokeWidth={filled.has(pattern) ? 0 : pattern === 'dots' ? 3 : 1.6}
                strokeLinecap={pattern === 'dots' ? 'round' : 'butt'}
                style={ink}
              />
            </pattern>
          );
        })}
      </defs>
    </svg>
  );
}

/** A small field with an outcome's colour and pattern. */
export function CodeSwatch({ code }: { code: UsageCode }) {
  return (
    <svg width="16" height="16" aria-hidden className="shrink-0 rounded-[3px]">
      <rect width="16" height="16" fill={codeFill(code)} />
      <rect
        x="0.5"
        y="0.5"
        width="15"
        height="15"
        rx="2.5"
        fill="none"
        style={{ stroke: `var(--${codeLooks[code].colour})` }}
      />
    </svg>
  );
}
