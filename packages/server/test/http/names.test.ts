import { type EndpointName, endpoints } from '@keywright/contract';
import { expect, test } from 'vitest';
import { administrator, browser, newPerson, post } from '../support/account.ts';
import { readProblem } from '../support/client.ts';
import { onOneEngine } from '../support/installation.ts';
import { expectNoTrace, prepareRequest } from './refusals.ts';

/** What a name is not: one that looks like none, or like another. */
const deceiving = ['\u200b\u2060', '\u3164', '\u2800', 'Payments \u202egnp.exe', '\u2067abc', 'a\u2069'];
const foreign = ['مفتاح الإنتاج', 'می\u200cخواهم', 'कुंजी क्\u200dष', '生产密钥', '👩‍👩‍👧 Familie'];

const named: [EndpointName, string][] = [
  ['createKey', 'name'],
  ['createKey', 'description'],
  ['createKey', 'ownerId'],
  ['updateKey', 'name'],
  ['createChannel', 'name'],
  ['updateChannel', 'name'],
  ['createProject', 'name'],
  ['updateProject', 'name'],
  ['createServiceKey', 'name'],
  ['updateInstance', 'name'],
];

onOneEngine((at) => {
  test.each(named)(
    '%s: no %s that nobody sees, or that turns the reading order around',
    async (name, field) => {
      const prepared = await prepareRequest(at, name);
      await expectNoTrace(at, async () => {
        for (const value of deceiving) {
          const body = { ...Object(prepared.body), [field]: value };
          const problem = await at.admin.refuse(name, { params: prepared.params, body });
          const errors = [{ path: field, message: expect.stringMatching(/invisible|reading order/) }];
          expect(problem, JSON.stringify(value)).toMatchObject({ code: 'validation_failed', errors });
        }
      });
      for (const value of foreign) {
        const { params, body } = await prepareRequest(at, name);
        const answer = await at.admin.send(name, { params, body: { ...Object(body), [field]: value } });
        expect(answer.status, answer.text).toBe(endpoints[name].status);
        expect(answer.text).toContain(value);
      }
    },
  );

  test('nobody is called so either', async () => {
    await administrator(at);
    for (const name of deceiving) {
      const refused = readProblem(await post(browser(at.url), '/sign-up/email', newPerson({ name })));
      expect(refused, JSON.stringify(name)).toMatchObject({ status: 400, errors: [{ path: 'name' }] });
    }
    for (const name of foreign)
      expect((await post(browser(at.url), '/sign-up/email', newPerson({ name }))).status).toBe(200);
  });

  test('of an import each is named by its index', async () => {
    const { id: projectId } = await at.createProject();
    const keys = [...foreign, ...deceiving].map((name, index) => ({
      name,
      sha256: index.toString(16).padStart(64, '0'),
    }));
    await expectNoTrace(at, async () => {
      const problem = await at.admin.refuse('importKeys', { params: { projectId }, body: { keys } });
      expect(problem.errors?.map(({ path }) => path)).toEqual(
        deceiving.map((_, index) => `keys.${foreign.length + index}.name`),
      );
    });
  });
});
