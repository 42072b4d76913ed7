import { useProject } from '../shell/project.tsx';
import { ServiceKeys } from './service-keys.tsx';

/** The service keys of the project. */
export function ServiceKeysTab() {
  const { project } = useProject();
  return <ServiceKeys projectId={project.id} />;
}
