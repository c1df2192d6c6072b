import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isPersonInForce,
  personInForce,
  personStatus,
  type Standing,
  statusAt,
  USER_STATUSES,
} from '../../../src/domain/users/standing.ts';
import { aPeopleApi, type Body, faults, items, type PeopleApi } from '../admin/people-api.ts';

const DAY_MS = 86_400_000;
let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

const inDays = (days: number): string => new Date(api.clock.now().getTime() + days * DAY_MS).toISOString();
const shown = async (id: string): Promise<Body> => {
  const { status, active, startsAt, endsAt } = (await api.call('GET', `/users/${id}`)).body;
  return {
    status,
    active,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
  };
};
const patch = (id: string, body: Body) => api.call('PATCH', `/users/${id}`, { body });

describe('whether someone is let in', () => {
  it('SQL and TypeScript say the same for every status and every pair of days', async () => {
    const at = new Date('2026-06-15T12:00:00.000Z');
    const day = fc.constantFrom(undefined, -DAY_MS, -1, 0, 1, DAY_MS);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...USER_STATUSES), day, day, async (status, from, to) => {
        const [startsAt, endsAt] = [from, to].map((ms) => (ms === undefined ? undefined : new Date(at.getTime() + ms)));
        const standing: Standing = { status, startsAt, endsAt };
        const [row] = await api.read.query<{ isIn: boolean; shown: string }>(
          `SELECT ${personInForce('$4::timestamptz', 'u')} AS "isIn", ${personStatus('$4::timestamptz', 'u')} AS shown
           FROM (SELECT $1::text AS status, $2::timestamptz AS starts_at, $3::timestamptz AS ends_at) u`,
          [status, startsAt ?? null, endsAt ?? null, at],
        );
        expect(row).toEqual({ isIn: isPersonInForce(standing, at), shown: statusAt(standing, at) });
      }),
      { numRuns: 144 },
    );
  });
});

describe('status, startsAt and endsAt in the admin API', () => {
  it('a first day to come makes someone staged, and opens by itself', async () => {
    const startsAt = inDays(2);
    const id = await api.aUser({ startsAt });

    expect(await shown(id)).toEqual({ status: 'staged', active: false, startsAt });
    api.clock.advanceSeconds(2 * 86_400);
    expect(await shown(id)).toEqual({ status: 'active', active: true, startsAt });
  });

  it('a last day closes by itself', async () => {
    const endsAt = inDays(1);
    const id = await api.aUser({ endsAt });

    expect(await shown(id)).toEqual({ status: 'active', active: true, endsAt });
    api.clock.advanceSeconds(86_400);
    expect(await shown(id)).toEqual({ status: 'inactive', active: false, endsAt });
  });

  const moves: readonly (readonly [string, Body, Body, Body])[] = [
    ['false is inactive', {}, { active: false }, { status: 'inactive', active: false }],
    ['true is active', { active: false }, { active: true }, { status: 'active', active: true }],
    [
      'false of someone suspended is inactive',
      { status: 'suspended' },
      { active: false },
      { status: 'inactive', active: false },
    ],
    ['true opens what was staged', { status: 'staged' }, { active: true }, { status: 'active', active: true }],
    [
      'true opens before the first day',
      { startsAt: '2099-01-01T00:00:00.000Z' },
      { active: true },
      { status: 'active', active: true },
    ],
    [
      'true opens after the last day',
      { endsAt: '2001-01-01T00:00:00.000Z' },
      { active: true },
      { status: 'active', active: true },
    ],
    ['suspended', {}, { status: 'suspended' }, { status: 'suspended', active: false }],
    ['back from suspended', { status: 'suspended' }, { status: 'active' }, { status: 'active', active: true }],
    [
      'a first day put off',
      {},
      { startsAt: '2099-01-01T00:00:00.000Z' },
      { status: 'staged', active: false, startsAt: '2099-01-01T00:00:00.000Z' },
    ],
    [
      'a last day in the past',
      {},
      { endsAt: '2001-01-01T00:00:00.000Z' },
      { status: 'inactive', active: false, endsAt: '2001-01-01T00:00:00.000Z' },
    ],
    [
      'no first day any more',
      { startsAt: '2099-01-01T00:00:00.000Z' },
      { startsAt: null },
      { status: 'staged', active: false },
    ],
    [
      'no last day any more',
      { endsAt: '2099-01-01T00:00:00.000Z' },
      { endsAt: null },
      { status: 'active', active: true },
    ],
  ];
  it.each(moves)('%s', async (_, before, change, after) => {
    const id = await api.aUser(before);

    const reply = await patch(id, change);

    expect([reply.status, await shown(id)]).toEqual([200, after]);
  });

  it('whoever is let in again gets nothing back of what was before: earlier sign-ins do not count', async () => {
    const ways: readonly (readonly [Body, Body])[] = [
      [{ active: false }, { active: true }],
      [{ status: 'suspended' }, { status: 'active' }],
      [{ startsAt: inDays(1) }, { startsAt: null, status: 'active' }],
      [{ endsAt: inDays(-1) }, { active: true }],
    ];
    for (const [out, back] of ways) {
      const id = await api.aUser();
      await patch(id, out);
      api.clock.advanceSeconds(10);
      const { body } = await patch(id, back);

      expect([out, body.active, body.accessValidFrom]).toEqual([out, true, api.clock.now().toISOString()]);
    }
  });

  it('a last day that is moved on after it had passed lets nobody on who signed in before', async () => {
    const id = await api.aUser({ endsAt: inDays(1) });
    api.clock.advanceSeconds(2 * 86_400);

    const { body } = await patch(id, { endsAt: inDays(5) });

    expect([body.active, body.accessValidFrom]).toEqual([true, api.clock.now().toISOString()]);
  });

  it('each is told in the audit log by its own name', async () => {
    const id = await api.aUser();
    const types = async (body: Body) => (await api.auditOf(await patch(id, body))).map(({ type }) => type).sort();

    expect(await types({ status: 'suspended' })).toEqual(['users.suspended']);
    expect(await types({ status: 'suspended' })).toEqual([]);
    expect(await types({ status: 'active' })).toEqual(['users.reactivated']);
    expect(await types({ endsAt: inDays(9) })).toEqual(['users.updated']);
    expect(await types({ startsAt: inDays(3) })).toEqual(['users.staged', 'users.updated']);
    expect(await types({ active: false })).toEqual(['users.deactivated']);
  });

  it('people are found by what they are at the moment', async () => {
    const familyName = 'Momentary';
    const make = (body: Body) => api.aUser({ name: { familyName }, ...body });
    const soon = await make({ startsAt: inDays(1) });
    const ending = await make({ endsAt: inDays(1) });
    const found = async (query: string) =>
      items(await api.call('GET', `/users?familyName=${familyName}&${query}`), 'users').map(({ id }) => id);

    expect(await found('active=true')).toEqual([ending]);
    expect(await found('status=staged')).toEqual([soon]);
    api.clock.advanceSeconds(86_400);
    expect(await found('active=true')).toEqual([soon]);
    expect(await found('status=inactive')).toEqual([ending]);
    expect(await found('active=false')).toEqual([ending]);
  });

  const wrong: readonly (readonly [string, Body, string])[] = [
    ['active and status that contradict', { active: true, status: 'suspended' }, '/active'],
    ['an end before the start', { startsAt: '2031-01-02T00:00:00Z', endsAt: '2031-01-01T00:00:00Z' }, '/endsAt'],
    ['a status nobody knows', { status: 'deleted' }, '/status'],
    ['a day without a time', { startsAt: '2031-01-02' }, '/startsAt'],
  ];
  it.each(wrong)('%s is refused by name', async (_, body, pointer) => {
    const created = await api.call('POST', '/users', { body: { userName: 'contrary', ...body } });
    const changed = await patch(await api.aUser(), body);

    expect([created.status, faults(created), changed.status, faults(changed)]).toEqual([
      422,
      [pointer],
      422,
      [pointer],
    ]);
  });

  it('an end before the start that is there already is refused too', async () => {
    const id = await api.aUser({ startsAt: inDays(5) });

    expect(faults(await patch(id, { endsAt: inDays(4) }))).toEqual(['/endsAt']);
  });
});
