import type { Preset } from '@keywright/contract';
import type { ReactNode } from 'react';

/** A small drawing of how the list of keys looks: its columns, its controls, its button. Colours follow the theme. */
export function PresetPicture({ preset }: { preset: Preset }) {
  return (
    <svg
      viewBox="0 0 240 112"
      aria-hidden
      className="w-full rounded-lg bg-sunken"
      data-testid={`picture-${preset}`}
    >
      {pictures[preset]}
    </svg>
  );
}

const rowTops = [42, 62, 82] as const;

/** The list itself: a page with a title, and whatever is in its rows. */
function List({ left = 10, button, children }: { left?: number; button: ReactNode; children: ReactNode }) {
  return (
    <>
      <Bar x={left + 4} y={10} width={38} height={6} className="fill-ink" />
      {button}
      <rect
        x={left}
        y={26}
        width={230 - left}
        height={76}
        rx={5}
        className="fill-surface stroke-line"
        strokeWidth={1}
      />
      {rowTops.slice(0, 3).map((top) => (
        <line key={top} x1={left} x2={230} y1={top - 3} y2={top - 3} className="stroke-line" />
      ))}
      {children}
    </>
  );
}

interface BarProps {
  x: number;
  y: number;
  width: number;
  height?: number;
  className?: string;
}

/** A word. */
function Bar({ x, y, width, height = 4, className = 'fill-line-strong' }: BarProps) {
  return <rect x={x} y={y} width={width} height={height} rx={height / 2} className={className} />;
}

function Heads({ at }: { at: readonly (readonly [x: number, width: number])[] }) {
  return at.map(([x, width]) => (
    <Bar key={x} x={x} y={31} width={width} height={3} className="fill-line-strong opacity-60" />
  ));
}

function PageButton({ x, width, className = 'fill-ink' }: { x: number; width: number; className?: string }) {
  return <rect x={x} y={7} width={width} height={12} rx={3.5} className={className} />;
}

/** A status in its colour. */
function Pill({ x, y, className }: { x: number; y: number; className: string }) {
  return <rect x={x} y={y} width={24} height={9} rx={4.5} className={className} />;
}

function Toggle({ x, y, isOn }: { x: number; y: number; isOn: boolean }) {
  return (
    <>
      <rect
        x={x}
        y={y}
        width={18}
        height={10}
        rx={5}
        className={isOn ? 'fill-good-solid' : 'fill-line-strong'}
      />
      <circle cx={isOn ? x + 13 : x + 5} cy={y + 5} r={3.5} className="fill-white" />
    </>
  );
}

function Dots({ x, y }: { x: number; y: number }) {
  return [0, 3.5, 7].map((down) => <circle key={down} cx={x} cy={y + down} r={1.2} className="fill-muted" />);
}

function Sparkline({ x, y, heights }: { x: number; y: number; heights: readonly number[] }) {
  return heights.map((height, index) => (
    <rect
      // biome-ignore lint/suspicious/noArrayIndexKey: a drawing that never changes
      key={index}
      x={x + index * 4}
      y={y + 9 - height}
      width={2.6}
      height={height}
      className="fill-accent"
    />
  ));
}

const pictures: Readonly<Record<Preset, ReactNode>> = {
  standard: (
    <List button={<PageButton x={190} width={40} />}>
      <Heads
        at={[
          [16, 18],
          [58, 22],
          [104, 16],
          [140, 14],
          [172, 16],
        ]}
      />
      {rowTops.map((y, row) => (
        <g key={y}>
          <Bar x={16} y={y + 5} width={[32, 26, 30][row] ?? 30} className="fill-ink" />
          <Bar x={58} y={y + 5} width={36} />
          <Bar x={104} y={y + 5} width={22} />
          <Sparkline
            x={140}
            y={y + 2}
            heights={
              [
                [3, 6, 9, 5, 7],
                [1, 2, 1, 4, 2],
                [1, 1, 1, 1, 1],
              ][row] ?? []
            }
          />
          <Pill x={172} y={y + 3} className={['fill-good-solid', 'fill-idle', 'fill-bad-solid'][row] ?? ''} />
          <Dots x={220} y={y + 4} />
        </g>
      ))}
    </List>
  ),
  classic: (
    <List button={<PageButton x={172} width={58} />}>
      <Heads
        at={[
          [16, 18],
          [86, 18],
          [150, 16],
        ]}
      />
      {rowTops.map((y, row) => (
        <g key={y}>
          <Bar
            x={16}
            y={y + 5}
            width={[44, 52, 38][row] ?? 44}
            className={row === 2 ? 'fill-bad' : 'fill-good'}
          />
          <Bar x={86} y={y + 5} width={42} />
          <Pill x={150} y={y + 3} className={row === 2 ? 'fill-bad-solid' : 'fill-good-solid'} />
          {row !== 2 && (
            <rect
              x={194}
              y={y + 2}
              width={28}
              height={11}
              rx={3}
              className="fill-surface stroke-line-strong"
              strokeWidth={0.8}
            />
          )}
          {row !== 2 && <Bar x={199} y={y + 6} width={18} height={3} className="fill-bad" />}
        </g>
      ))}
    </List>
  ),
  table: (
    <List button={<PageButton x={158} width={72} />}>
      <Heads
        at={[
          [16, 24],
          [72, 30],
          [124, 18],
          [200, 20],
        ]}
      />
      {rowTops.map((y, row) => (
        <g key={y}>
          <Bar x={16} y={y + 5} width={44} />
          <Bar x={72} y={y + 5} width={[40, 34, 44][row] ?? 40} className="fill-ink" />
          <Bar x={124} y={y + 5} width={22} />
          <rect
            x={158}
            y={y + 2}
            width={34}
            height={11}
            rx={3}
            className={row === 1 ? 'fill-good-solid' : 'fill-bad-solid'}
          />
          <rect
            x={196}
            y={y + 2}
            width={26}
            height={11}
            rx={3}
            className="fill-surface stroke-line-strong"
            strokeWidth={0.8}
          />
        </g>
      ))}
    </List>
  ),
  pair: (
    <List button={<PageButton x={194} width={36} />}>
      <Heads
        at={[
          [16, 18],
          [64, 18],
          [104, 14],
        ]}
      />
      {rowTops.map((y, row) => (
        <g key={y}>
          <Bar x={16} y={y + 5} width={26} className="fill-ink" />
          <Bar x={64} y={y + 5} width={24} />
          <Bar x={104} y={y + 5} width={72} />
          <Toggle x={188} y={y + 2} isOn={row !== 1} />
          <Dots x={220} y={y + 4} />
        </g>
      ))}
    </List>
  ),
  channels: (
    <>
      <Bar x={14} y={10} width={46} height={6} className="fill-ink" />
      {[0, 1, 2].map((row) => (
        <g key={row}>
          <rect
            x={10}
            y={26 + row * 26}
            width={72}
            height={22}
            rx={4}
            className="fill-surface stroke-line"
            strokeWidth={1}
          />
          <Bar x={16} y={31 + row * 26} width={30} className={row === 0 ? 'fill-ink' : 'fill-line-strong'} />
          <Bar x={16} y={39 + row * 26} width={44} height={3} className="fill-line-strong opacity-60" />
        </g>
      ))}
      <rect
        x={72}
        y={14}
        width={160}
        height={90}
        rx={7}
        className="fill-surface stroke-line-strong"
        strokeWidth={1}
      />
      <Bar x={82} y={23} width={44} height={5} className="fill-ink" />
      <rect x={176} y={20} width={46} height={12} rx={3.5} className="fill-ink" />
      {[44, 62, 80].map((y, row) => (
        <g key={y}>
          <line x1={82} x2={222} y1={y - 4} y2={y - 4} className="stroke-line" />
          <Bar x={82} y={y + 4} width={[34, 28, 38][row] ?? 34} className="fill-ink" />
          <Bar x={130} y={y + 4} width={50} />
          <Bar x={198} y={y + 4} width={24} className="fill-bad" />
        </g>
      ))}
    </>
  ),
  gateway: (
    <>
      <rect x={0} y={0} width={58} height={112} className="fill-surface" />
      <line x1={58} x2={58} y1={0} y2={112} className="stroke-line" />
      <Bar x={8} y={12} width={34} className="fill-line-strong" />
      <rect x={5} y={23} width={48} height={13} rx={3} className="fill-sunken" />
      <Bar x={14} y={27.5} width={34} className="fill-ink" />
      <Bar x={14} y={44} width={28} className="fill-line-strong" />
      <Bar x={8} y={58} width={30} className="fill-line-strong" />
      <List left={66} button={<PageButton x={166} width={64} className="fill-black stroke-line-strong" />}>
        <Heads
          at={[
            [72, 18],
            [112, 18],
            [150, 22],
            [198, 14],
          ]}
        />
        {rowTops.map((y, row) => (
          <g key={y}>
            <Bar x={72} y={y + 5} width={[28, 32, 24][row] ?? 28} className="fill-ink" />
            <Bar x={112} y={y + 5} width={26} />
            <Bar x={150} y={y + 5} width={38} />
            <Toggle x={198} y={y + 2} isOn={row !== 2} />
          </g>
        ))}
      </List>
    </>
  ),
};
