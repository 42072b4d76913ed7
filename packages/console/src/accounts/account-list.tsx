import type { AccountRecord } from '@keywright/contract';
import {
  Download,
  EllipsisVertical,
  KeyRound,
  MailCheck,
  ShieldCheck,
  ShieldMinus,
  ShieldPlus,
  Trash2,
} from 'lucide-react';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { CellLabel } from '../ui/cell-label.tsx';
import { cn } from '../ui/class-names.ts';
import { Menu } from '../ui/menu.tsx';
import type { AccountsSearch } from './accounts-search.ts';
import { downloadAccount } from './download-account.ts';

interface AccountListProps {
  items: readonly AccountRecord[];
  meId: string;
  isStale: boolean;
  onDialog(dialog: NonNullable<AccountsSearch['dialog']>, accountId: string): void;
}

const columns = ['name', 'email', 'role', 'projects', 'created'] as const;

/** A table; on a narrow screen its rows become cards. */
export function AccountList({ items, meId, isStale, onDialog }: AccountListProps) {
  const t = useText();
  return (
    <table
      className={cn(
        'w-full border-collapse text-left transition-opacity max-xl:block',
        isStale && 'opacity-60',
      )}
    >
      <thead className="max-xl:sr-only">
        <tr className="border-b border-line text-[0.8125rem] text-muted">
          {columns.map((column) => (
            <th key={column} scope="col" className="px-3 py-2.5 font-medium whitespace-nowrap first:pl-4">
              {t(`accounts.column.${column}`)}
            </th>
          ))}
          <th scope="col" className="py-2.5 pr-4 pl-3">
            <span className="sr-only">{t('accounts.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody className="max-xl:block">
        {items.map((account) => (
          <Row key={account.id} account={account} isSelf={account.id === meId} onDialog={onDialog} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Pick<AccountListProps, 'onDialog'> {
  account: AccountRecord;
  isSelf: boolean;
}

const cell = 'px-3 py-2.5 align-middle max-xl:flex max-xl:items-baseline max-xl:gap-3 max-xl:p-0';
const label = 'w-24 xl:hidden';

function Row({ account, isSelf, onDialog }: RowProps) {
  const t = useText();
  const { id, name, email, pendingEmail, isInstanceAdmin, projectCount, createdAt } = account;
  return (
    <tr
      data-account-id={id}
      className="border-b border-line last:border-0 hover:bg-sunken/60 max-xl:relative max-xl:flex max-xl:flex-col max-xl:gap-1.5 max-xl:p-4"
    >
      <td className={cn(cell, 'font-medium max-xl:pr-10! xl:pl-4')}>
        <span
          title={name}
          className="min-w-0 break-words xl:inline-block xl:max-w-48 xl:truncate xl:align-bottom"
        >
          {name}
        </span>
        {isSelf && <span className="font-normal text-muted xl:ml-1.5">({t('accounts.you')})</span>}
      </td>
      <td className={cell}>
        <CellLabel text={t('accounts.column.email')} className={label} />
        <span className="min-w-0 xl:inline-block xl:max-w-56 xl:align-bottom">
          <span title={email} className="block break-words xl:truncate">
            {email}
          </span>
          {pendingEmail !== null && (
            <span title={pendingEmail} className="block text-[0.8125rem] break-words text-warn xl:truncate">
              {t('accounts.pendingEmail', { email: pendingEmail })}
            </span>
          )}
        </span>
      </td>
      <td className={cell}>
        <CellLabel text={t('accounts.column.role')} className={label} />
        {isInstanceAdmin ? (
          <span className="inline-flex items-center gap-1.5 font-medium whitespace-nowrap text-accent">
            <ShieldCheck className="size-4 shrink-0" aria-hidden />
            {t('accounts.admin')}
          </span>
        ) : (
          <span className="text-muted">{t('accounts.plain')}</span>
        )}
      </td>
      <td className={cn(cell, 'tabular-nums')}>
        <CellLabel text={t('accounts.column.projects')} className={label} />
        {projectCount.toLocaleString()}
      </td>
      <td className={cell}>
        <CellLabel text={t('accounts.column.created')} className={label} />
        <time dateTime={createdAt} title={formatDateTime(createdAt)} className="whitespace-nowrap">
          {formatDate(createdAt)}
        </time>
      </td>
      <td className="py-2.5 pr-4 pl-3 text-right max-xl:absolute max-xl:top-2.5 max-xl:right-3 max-xl:p-0">
        <AccountMenu account={account} onDialog={onDialog} />
      </td>
    </tr>
  );
}

function AccountMenu({ account, onDialog }: Omit<RowProps, 'isSelf'>) {
  const t = useText();
  const { id, name, isInstanceAdmin, pendingEmail } = account;
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={t('accounts.menu', { name })}>
          <EllipsisVertical aria-hidden />
        </Button>
      }
      groups={[
        [
          isInstanceAdmin
            ? {
                label: t('accounts.unmakeAdmin'),
                icon: <ShieldMinus />,
                onSelect: () => onDialog('unmake-admin', id),
              }
            : {
                label: t('accounts.makeAdmin'),
                icon: <ShieldPlus />,
                onSelect: () => onDialog('make-admin', id),
              },
          {
            label: t('accounts.resetLink'),
            icon: <KeyRound />,
            onSelect: () => onDialog('reset-link', id),
          },
          ...(pendingEmail === null
            ? []
            : [
                {
                  label: t('accounts.confirmLink'),
                  icon: <MailCheck />,
                  onSelect: () => onDialog('confirm-link', id),
                },
              ]),
          {
            label: t('accounts.export'),
            icon: <Download />,
            onSelect: () => void downloadAccount(account, t),
          },
        ],
        [
          {
            label: t('accounts.erase'),
            icon: <Trash2 />,
            isDangerous: true,
            onSelect: () => onDialog('erase', id),
          },
        ],
      ]}
    />
  );
}
