import { timingSafeEqual } from 'node:crypto';
import type { AccountServices } from './account-services.ts';
import { normalizeBackupCode } from './backup-codes.ts';
import type { SignedIn, Visit } from './identity.ts';
import type { StoredSecondFactor } from './second-factor-store.ts';
import { selfCaller } from './self-caller.ts';

type Services = Pick<AccountServices, 'context' | 'vault' | 'codeThrottle'>;

/**
 * Uses up a code of the account's second factor: one of the app, or a backup code. Each counts once, whoever else sends
 * it at the same time.
 * @returns whether it was one
 * @throws rate_limited after too many that were none
 */
export async function useCode(
  services: Services,
  visit: Visit,
  account: SignedIn,
  code: string,
): Promise<boolean> {
  const attempt = services.codeThrottle.begin(account.email, visit.address);
  try {
    const isRight = await spend(services, account, code);
    if (isRight) attempt.succeed();
    return isRight;
  } catch (error) {
    attempt.withdraw();
    throw error;
  }
}

async function spend({ context, vault }: Services, account: SignedIn, code: string): Promise<boolean> {
  const { value } = await context.change(selfCaller(account, 0), async ({ secondFactors }, now) => {
    const factor = await secondFactors.lock(account.id);
    if (factor?.isOn !== true) return { value: false, entries: [] };
    if (/^\d{6}$/.test(code)) {
      const step = await vault.findStep(await vault.open(factor.secret), code, now);
      return { value: step !== null && (await secondFactors.useStep(account.id, step)), entries: [] };
    }
    const left = await withoutCode(vault, factor, code);
    if (left !== null) await secondFactors.setBackupCodes(account.id, left);
    return { value: left !== null, entries: [] };
  });
  return value;
}

/** The other backup codes, sealed; null: this is none of them. */
async function withoutCode(
  vault: AccountServices['vault'],
  { backupCodes }: StoredSecondFactor,
  code: string,
): Promise<string | null> {
  const codes = JSON.parse(await vault.open(backupCodes)) as string[];
  const others = codes.filter((each) => !isSameCode(each, code));
  return others.length === codes.length ? null : vault.seal(JSON.stringify(others));
}

function isSameCode(one: string, other: string): boolean {
  const [a, b] = [one, other].map((code) => Buffer.from(normalizeBackupCode(code)));
  return a !== undefined && b !== undefined && a.length === b.length && timingSafeEqual(a, b);
}
