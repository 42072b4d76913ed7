import {
  type Endpoint,
  type EndpointName,
  endpoints,
  type ServiceKeyScope,
  serviceKeyScopes,
} from '@keywright/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AccountClient, administrator, signUp } from '../support/account.ts';
import { type Client, readProblem } from '../support/client.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import { join, newcomer } from '../support/membership.ts';
import { authorityTable, type CallerKind, callerKinds } from './authority-table.ts';
import { type EndpointCase, endpointCases } from './endpoint-cases.ts';

/*
 * Every endpoint, asked by every kind of caller, about things that there really are. What is refused leaves no trace.
 */

const names = Object.keys(endpoints) as EndpointName[];

onBothEngines((at) => {
  let people: People;
  let team: Team;
  beforeAll(async () => {
    people = await makePeople(at);
    team = await makeTeam(at, people);
  });

  describe.each(names)('%s', (name) => {
    const allowed = callerKinds.filter((kind) => authorityTable[name][kind] === 'yes');
    const refused = callerKinds.filter((kind) => authorityTable[name][kind] !== 'yes');
    const { scope, method }: Endpoint = endpoints[name];

    test('refuses everybody else than the table names, and nothing happens', async () => {
      const callers = await makeCallers(at, people, team, scope);
      const request = await prepareFor(at, callers.member, name, team.projectId);
      const before = await at.ledgerHead();
      for (const kind of refused) {
        const answer = await callers[kind].send(name, request);
        expect(answer.status, `${kind}: ${answer.text.slice(0, 300)}`).toBe(authorityTable[name][kind]);
        readProblem(answer);
      }
      expect(await at.ledgerSince(before)).toEqual([]);
    });

    test(`lets ${allowed.join(', ')} do it`, async () => {
      let place = team;
      let request = await prepareFor(at, people.member, name, place.projectId);
      for (const [index, kind] of allowed.entries()) {
        if (name === 'deleteProject') place = await makeTeam(at, people);
        const isUsedUp = method !== 'GET' && index > 0;
        if (isUsedUp || place !== team) request = await prepareFor(at, people.member, name, place.projectId);
        const callers = await makeCallers(at, people, place, scope);
        const answer = await callers[kind].send(name, request);
        expect(answer.status, `${kind}: ${answer.text.slice(0, 300)}`).toBe(endpoints[name].status);
      }
    });
  });
});

type People = Record<
  'owner' | 'operator' | 'member' | 'otherMember' | 'stranger' | 'newcomer' | 'administrator',
  AccountClient
>;

async function makePeople(at: Installation): Promise<People> {
  return {
    administrator: await administrator(at),
    owner: await signUp(at),
    operator: await signUp(at),
    member: await signUp(at),
    otherMember: await signUp(at),
    stranger: await signUp(at),
    newcomer: await newcomer(at),
  };
}

interface Team {
  projectId: string;
  /** Another project. */
  elsewhere: string;
  /** The service keys that were made for it, by what they are for and what they may do. */
  serviceKeys: Map<string, Promise<Client>>;
}

/** A project with an owner, an operator and two members. */
async function makeTeam(at: Installation, people: People): Promise<Team> {
  const { id: projectId } = await at.createProject({ policy: { maxKeysPerOwner: null, uniqueNames: false } });
  const { id: elsewhere } = await at.createProject();
  for (const role of ['owner', 'operator', 'member'] as const) await join(at, people[role], projectId, role);
  await join(at, people.otherMember, projectId, 'member');
  return { projectId, elsewhere, serviceKeys: new Map() };
}

/** Every kind of caller. */
async function makeCallers(
  at: Installation,
  people: People,
  { projectId, elsewhere, serviceKeys }: Team,
  scope: ServiceKeyScope | null,
): Promise<Record<CallerKind, Client>> {
  const needed = scope ?? 'verify';
  const others = serviceKeyScopes.filter((other) => other !== needed);
  const serviceKey = (place: string | null, scopes: readonly ServiceKeyScope[]): Promise<Client> => {
    const what = JSON.stringify([place, scopes]);
    const made = serviceKeys.get(what) ?? at.createServiceKey(place, scopes);
    serviceKeys.set(what, made);
    return made;
  };
  return {
    ...people,
    nobody: at.as(null),
    serviceKey: await serviceKey(projectId, [needed]),
    serviceKeyWithout: await serviceKey(projectId, others),
    serviceKeyElsewhere: await serviceKey(elsewhere, serviceKeyScopes),
    instanceKey: await serviceKey(null, [needed]),
    instanceKeyWithout: await serviceKey(null, others),
  };
}

/** A request that succeeds. The keys that it is about are the member's own. */
async function prepareFor(at: Installation, member: Client, name: EndpointName, projectId: string) {
  const { prepare } = endpointCases[name] as EndpointCase<typeof name>;
  at.keyMaker = member;
  try {
    const { subject: _, ...request } = await prepare(at, projectId);
    return request;
  } finally {
    at.keyMaker = null;
  }
}
