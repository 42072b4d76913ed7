import type { Policy, PolicyPatch, Project } from '@keywright/contract';
import { formatTime } from '../domain/time.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredProject } from './project-store.ts';

/** The project as the contract shows it. */
export function viewProject(project: StoredProject & { keyCount: number }): Project {
  const { id, name, preset, policy, wording, createdAt, keyCount } = project;
  return { id, name, preset, policy, wording, createdAt: formatTime(createdAt), keyCount };
}

/** A policy with the fields of a patch in place. */
export function patchPolicy(policy: Policy, patch: PolicyPatch | undefined): Policy {
  return { ...policy, ...patch };
}

/** Wording with the entries of a patch in place; null takes one away. */
export function patchWording(
  wording: Record<string, string>,
  patch: Record<string, string | null> | undefined,
): Record<string, string> {
  const merged = Object.entries({ ...wording, ...patch });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The subject of a ledger entry about a project. */
export function projectSubject(project: StoredProject): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId: project.id, subject: { type: 'project', id: project.id, name: project.name } };
}
