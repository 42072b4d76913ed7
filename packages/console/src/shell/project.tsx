import type { Me, Project, Role } from '@keywright/contract';
import { createContext, useContext } from 'react';

export type AccountMe = Extract<Me, { type: 'account' }>;

/** The project that is looked at, and what the person may do in it. */
export interface CurrentProject {
  me: AccountMe;
  project: Project;
  role: Role;
  /** Manages channels and everybody's keys. */
  canOperate: boolean;
  /** Changes the project itself, its members and its service keys. */
  canOwn: boolean;
}

export const ProjectContext = createContext<CurrentProject | null>(null);

export function useProject(): CurrentProject {
  const current = useContext(ProjectContext);
  if (current === null) throw new Error('This is outside of a project.');
  return current;
}

/** An administrator of the instance may do in each project what an owner may. */
export function describeAccess(me: AccountMe, project: Project): CurrentProject {
  const own = me.projects.find(({ id }) => id === project.id)?.role ?? 'member';
  const role = me.isInstanceAdmin ? 'owner' : own;
  return { me, project, role, canOperate: role !== 'member', canOwn: role === 'owner' };
}
