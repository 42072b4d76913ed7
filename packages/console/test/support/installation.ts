import { afterAll, beforeAll } from 'vitest';
import { type Client, client } from '../../../server/test/support/client.ts';
import {
  type RunningService,
  type ServiceOptions,
  startService,
} from '../../../server/test/support/running-service.ts';

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** The administrator of every installation. */
export const ada: Person = {
  name: 'ada',
  email: 'ada@example.com',
  password: 'correct horse staple 9',
};

/** A server of its own, with an empty database, an administrator who has a project, and a way in for programs. */
export interface Installation {
  readonly service: RunningService;
  readonly url: string;
  /** May do everything, but owns nothing. */
  readonly admin: Client;
  /** The project that the administrator was given. */
  readonly projectId: string;
}

/** Starts an installation for all tests of a file. */
export function installConsole(options: ServiceOptions = {}): Installation {
  let installation: Installation | null = null;
  beforeAll(async () => {
    installation = await startInstallation(options);
  });
  afterAll(async () => {
    await installation?.service.stop();
  });
  return new Proxy({} as Installation, {
    get(_, name) {
      if (installation === null) throw new Error('The installation is not started yet.');
      return installation[name as keyof Installation];
    },
  });
}

export async function startInstallation({ env, ...options }: ServiceOptions = {}): Promise<Installation> {
  const service = await startService({
    ...options,
    env: { KEYWRIGHT_ADMIN_EMAIL: ada.email, KEYWRIGHT_ADMIN_PASSWORD: ada.password, ...env },
  });
  const admin = client(service.url, service.bootstrapKey);
  const { items } = await admin.call('listProjects');
  return { service, url: service.url, admin, projectId: items[0]?.id ?? '' };
}
