import { Tabs } from '@base-ui/react/tabs';
import { cn } from './class-names.ts';

interface TabListProps {
  /** Where no heading says what these are. */
  label?: string;
  tabs: readonly { value: string; text: string }[];
  className?: string;
}

/** The tabs of a page, in one line that scrolls where it is too narrow for them. Goes into a `Tabs.Root`. */
export function TabList({ label, tabs, className = '' }: TabListProps) {
  return (
    <Tabs.List
      aria-label={label}
      className={cn('flex overflow-x-auto border-b border-line sm:gap-1', className)}
    >
      {tabs.map(({ value, text }) => (
        <Tabs.Tab
          key={value}
          value={value}
          className="shrink-0 border-b-2 border-transparent forced-colors:not-data-active:border-[Canvas] px-1.5 py-2.5 text-[0.8125rem] whitespace-nowrap text-muted -outline-offset-2! hover:text-ink data-active:border-ink data-active:font-medium data-active:text-ink sm:px-3 sm:text-sm"
        >
          {text}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}
