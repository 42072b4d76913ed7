import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { Fragment } from 'react';
import { cn } from './class-names.ts';
import type { MenuEntry, MenuProps } from './menu.tsx';

/** The menu itself, open from the start: it is there because somebody asked for it. */
export function OpenMenu({ trigger, align = 'end', groups }: MenuProps) {
  const filled = groups.filter((group) => group.length > 0);
  return (
    <Base.Root modal={false} defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={6} className="z-50 outline-none">
          <Base.Popup className="relative max-h-[70vh] max-w-80 min-w-48 animate-enter overflow-y-auto rounded-xl border border-line bg-surface p-1 text-ink shadow-raised outline-none">
            {filled.map((group, index) => (
              <Fragment key={group[0]?.label}>
                {index > 0 && <Base.Separator className="my-1 h-px bg-line" />}
                {group.map((entry) => (
                  <Item key={entry.label} {...entry} />
                ))}
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ label, icon, chosen = false, isDangerous = false, onSelect }: MenuEntry) {
  return (
    <Base.Item
      ref={chosen === false ? undefined : scrollTo}
      onClick={onSelect}
      className={cn(
        'flex items-center gap-2.5 rounded-lg px-2.5 py-2 outline-none data-highlighted:bg-sunken sm:py-1.5 [&_svg]:size-4 [&_svg]:shrink-0',
        isDangerous && 'text-bad',
      )}
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {chosen !== false && <Check aria-label={chosen} />}
    </Base.Item>
  );
}

/** Brings what holds into the middle of a list that is longer than the window. */
function scrollTo(item: HTMLElement | null): void {
  const list = item?.parentElement;
  if (item && list) list.scrollTop = item.offsetTop - (list.clientHeight - item.offsetHeight) / 2;
}
