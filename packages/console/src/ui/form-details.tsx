import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

interface FormDetailsProps {
  title: string;
  isOpenAtFirst?: boolean;
  /** Whether something in it is to be mended: then it is open. */
  hasFault: boolean;
  children: ReactNode;
}

/** A part of a form behind a click, for what most do without. */
export function FormDetails({ title, isOpenAtFirst = false, hasFault, children }: FormDetailsProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details
      open={isOpen || hasFault}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group"
    >
      <summary className="flex w-fit cursor-pointer items-center gap-1 rounded font-medium">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        {title}
      </summary>
      {children}
    </details>
  );
}
