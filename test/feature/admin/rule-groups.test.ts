import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasAdministrator } from '../../../src/domain/access/administrators.ts';
import { followRulesOnProof } from '../../../src/domain/lifecycle/follow-rules.ts';
import { ENTERPRISE } from '../../../src/domain/users/enterprise-input.ts';
import { verifyEmail } from '../../../src/domain/users/verify-email.ts';
import { type AccessApi, ADMIN, anAccessApi, anOrdersApi, ORDERS } from './access-api.ts';
import { type Body, faults, items, operator, type Reply } from './people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
});

afterAll(() => api.close());

const inDepartment = (department: string | null): Body => ({ [ENTERPRISE]: { department } });
const aRuleGroup = async (displayName: string, membershipRule: string) =>
  String((await api.done('POST', '/groups', { displayName, membershipRule })).id);
const memberIds = async (group: string) =>
  items(await api.call('GET', `/groups/${group}/members?limit=100`), 'members').map(({ value }) => value);
const types = async (reply: Reply) => (await api.auditOf(reply)).map(({ type }) => type).sort();
const aRole = async (name: string, resource: string, value: string) =>
  String((await api.done('POST', '/roles', { name, permissions: [{ resource, values: [value] }] })).id);

describe('a group by rule', () => {
  it('has exactly those who meet the rule: at its creation, as people come, change, go and come back, and as the rule changes', async () => {
    const here = await api.aUser(inDepartment('Chess'));
    const elsewhere = await api.aUser(inDepartment('Go'));
    const group = await aRuleGroup('Chess', 'department eq "chess"');
    expect(await memberIds(group)).toEqual([here]);

    const joiner = await api.aUser(inDepartment('CHESS'));
    const moved = await api.call('PATCH', `/users/${elsewhere}`, { body: inDepartment('Chess') });
    const left = await api.call('PATCH', `/users/${here}`, { body: inDepartment(null) });
    expect((await memberIds(group)).sort()).toEqual([elsewhere, joiner].sort());
    expect(await types(moved)).toEqual(['group-members.added', 'users.updated']);
    expect((await api.auditOf(left)).filter(({ type }) => type !== 'users.updated')).toMatchObject([
      { type: 'group-members.removed', targetId: group, details: { userIds: [here], byRule: true } },
    ]);

    await api.done('PATCH', `/groups/${group}`, {
      membershipRule: `${ENTERPRISE}:department sw "che" and not (id eq "${joiner}")`,
    });
    expect(await memberIds(group)).toEqual([elsewhere]);
    await api.done('PATCH', `/groups/${group}`, { membershipRule: null });
    expect(await memberIds(group)).toEqual([]);
  });

  it('moves more people than one batch, both ways, and records each of them once', async () => {
    await api.dataSource.query(
      `INSERT INTO users (id, user_name, user_name_key, status, department, department_key, version, created_at, updated_at)
       SELECT gen_random_uuid(), 'crowd-' || n, 'crowd-' || n, 'active', 'Crowd', 'crowd', 1, now(), now()
       FROM generate_series(1, 2500) n`,
    );
    const created = await api.call('POST', '/groups', {
      body: { displayName: 'Crowd', membershipRule: 'department eq "Crowd"' },
    });
    const emptied = await api.call('PATCH', `/groups/${created.body.id}`, {
      body: { membershipRule: 'department eq "Nobody"' },
    });
    for (const [reply, type] of [
      [created, 'group-members.added'],
      [emptied, 'group-members.removed'],
    ] as const) {
      const moved = (await api.auditOf(reply)).filter((event) => event.type === type);
      const ids = moved.flatMap(({ details }) => details?.userIds as string[]);
      expect([moved.length, new Set(ids).size, ids.length]).toEqual([3, 2500, 2500]);
    }
  });

  it('asks for what operators have defined: by type, one of many, under its full and its short name', async () => {
    const custom = 'urn:doorward:params:scim:schemas:extension:custom:2.0:User';
    for (const [name, schema, more] of [
      ['rank', { type: 'integer' }, {}],
      ['site', { type: 'string' }, { searchable: true }],
      ['skills', { type: 'array', items: { type: 'string' } }, {}],
      ['title', { type: 'string' }, {}],
      ['sealed', { type: 'string' }, { readableBy: ['self'] }],
    ] as const)
      await api.done('POST', '/user-attributes', { name, schema, ...more });
    const rules = {
      rank: 'rank ge 3 and not (rank gt 5)',
      site: `${custom}:site sw "north"`,
      skills: 'skills eq "chess"',
      title: `${custom}:title eq "Own" and title eq "Core"`,
    };
    const groups = new Map<string, string>();
    for (const [name, rule] of Object.entries(rules)) groups.set(name, await aRuleGroup(`By ${name}`, rule));
    const person = await api.aUser({ title: 'Core' });
    const isIn = async () =>
      (await Promise.all([...groups].map(async ([name, id]) => ((await memberIds(id)).includes(person) ? [name] : []))))
        .flat()
        .sort();

    expect(await isIn()).toEqual([]);
    const attributes = { rank: 4, site: 'North 1', skills: ['Go', 'Chess'], title: 'Own' };
    await api.done('PATCH', `/users/${person}`, { [custom]: attributes });
    expect(await isIn()).toEqual(['rank', 'site', 'skills', 'title']);
    await api.done('PATCH', `/users/${person}`, { [custom]: { rank: 6, site: null, skills: ['Go'] } });
    expect(await isIn()).toEqual(['title']);
    const refused = await api.call('POST', '/groups', { body: { displayName: 'No', membershipRule: 'sealed eq "x"' } });
    expect([refused.status, refused.body.detail]).toEqual([422, 'at position 0: there is no attribute sealed']);
  });

  it('an attribute that a rule asks for is not taken from it: neither deleted nor hidden from administrators', async () => {
    const { id } = await api.done('POST', '/user-attributes', { name: 'guild', schema: { type: 'string' } });
    const group = await aRuleGroup('Guild', 'guild eq "Smiths"');
    const attempts = () =>
      Promise.all([
        api.call('DELETE', `/user-attributes/${id}`),
        api.call('PATCH', `/user-attributes/${id}`, { body: { readableBy: ['self'] } }),
      ]);

    for (const { status, body } of await attempts())
      expect([status, body.code, body.detail]).toEqual([
        409,
        'groups.membership_rules_ask_for_it',
        'The rules of these groups ask for it; change them first: Guild',
      ]);
    await api.done('PATCH', `/groups/${group}`, { membershipRule: null });
    expect((await api.call('DELETE', `/user-attributes/${id}`)).status).toBe(204);
  });

  it('gives its roles to joiners at once (birthright), and the explanation shows the way', async () => {
    const group = await aRuleGroup('Everyone in Law', 'department eq "Law"');
    await api.done('POST', '/role-assignments', { roleId: await aRole('law', ORDERS, 'orders:read'), groupId: group });

    const joiner = await api.aUser(inDepartment('Law'));

    const answer = await api.done('GET', `/explain?userId=${joiner}&permission=orders:read`);
    expect(answer.held).toBe(true);
    expect((answer.paths as { steps: Body[] }[])[0]?.steps.map(({ name }) => name).slice(1)).toEqual([
      'Everyone in Law',
      'law',
      'orders:read',
    ]);
  });

  it('RFC 7644 §3.4.2.2: a mistake in the rule is refused with its place, and nothing is saved', async () => {
    const group = await aRuleGroup('Careful', 'title eq "Careful"');
    const cases: [string, string][] = [
      ['department eq', 'at position 13: expected a value'],
      ['department is "x"', 'at position 11: there is no operator is'],
      ['title pr and colour eq "red"', 'at position 13: there is no attribute colour'],
      ['active eq true', 'at position 0: there is no attribute active'],
      ['groups.value pr', 'at position 0: there is no attribute groups.value'],
      ['meta.created gt "2026-01-01T00:00:00Z"', 'at position 0: there is no attribute meta.created'],
      ['title eq "x" or password eq "y"', 'at position 16: there is no attribute password'],
    ];
    for (const [membershipRule, detail] of cases) {
      const replies = [
        await api.call('PATCH', `/groups/${group}`, { body: { membershipRule } }),
        await api.call('POST', '/groups', { body: { displayName: 'Wrong', membershipRule } }),
        await api.call('POST', `/groups/${group}/membership-preview`, { body: { membershipRule } }),
      ];
      for (const reply of replies) {
        expect([reply.status, reply.body.code, reply.body.detail, faults(reply)]).toEqual([
          422,
          'groups.membership_rule_invalid',
          detail,
          ['/membershipRule'],
        ]);
      }
    }
    expect((await api.done('GET', `/groups/${group}`)).membershipRule).toBe('title eq "Careful"');
    expect(items(await api.call('GET', '/groups?displayName=Wrong'), 'groups')).toEqual([]);
  });

  it('takes no members by hand, people or groups, and a group with members takes no rule', async () => {
    const person = await api.aUser({ title: 'Ruled' });
    const group = await aRuleGroup('Ruled', 'title eq "Ruled"');
    const other = await api.done('POST', '/groups', { displayName: 'By hand', members: [{ value: person }] });
    const place = `/groups/${group}/members`;

    const replies = [
      await api.call('POST', place, { body: { members: [{ value: await api.aUser() }] } }),
      await api.call('POST', place, { body: { members: [{ value: other.id, type: 'Group' }] } }),
      await api.call('DELETE', `${place}/${person}`),
      await api.call('PATCH', `/groups/${other.id}`, { body: { membershipRule: 'title pr' } }),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual([
      ...Array.from({ length: 3 }, () => [409, 'groups.members_follow_rule']),
      [409, 'groups.has_members'],
    ]);
    expect(await memberIds(group)).toEqual([person]);
  });

  it('SECURITY-LESSONS 2: an address counts for a rule only once it is verified', async () => {
    const group = await aRuleGroup('Of example.org', 'emails.value ew "@example.org"');
    const email = { value: 'new@example.org', primary: true };
    const [claimed, proved] = [
      await api.aUser({ emails: [email] }),
      await api.aUser({ emails: [{ ...email, value: 'old@example.org', verified: true }] }),
    ];
    expect(await memberIds(group)).toEqual([proved]);

    await api.transact(operator, async (tx) => {
      await verifyEmail(tx, { userId: claimed, addressKey: 'new@example.org' });
      await followRulesOnProof(tx, claimed);
    });

    expect((await memberIds(group)).sort()).toEqual([claimed, proved].sort());
  });

  it('a rule and a person that change at the same time see one another', async () => {
    for (let round = 0; round < 8; round += 1) {
      const person = await api.aUser({ title: 'before' });
      const group = await aRuleGroup(`Race ${round}`, 'title eq "never"');

      await Promise.all([
        api.done('PATCH', `/groups/${group}`, { membershipRule: `title eq "round ${round}"` }),
        api.done('PATCH', `/users/${person}`, { title: `round ${round}` }),
      ]);

      expect(await memberIds(group)).toEqual([person]);
    }
  });
});

describe('power by rule', () => {
  it('SECURITY-LESSONS 14: neither an attribute nor a rule puts anyone where one could not put them by hand', async () => {
    const { id, token } = await api.aDelegate(['users:write', 'groups:write']);
    const group = await aRuleGroup('Key keepers', 'title eq "Keeper"');
    const roleId = await aRole('keeper', ADMIN, 'keys:write');
    await api.done('POST', '/role-assignments', { roleId, groupId: group });

    const replies = [
      await api.call('PATCH', `/users/${id}`, { body: { title: 'Keeper' }, token }),
      await api.call('POST', '/users', { body: { userName: 'straw man', title: 'Keeper' }, token }),
      await api.call('PATCH', `/groups/${group}`, { body: { membershipRule: `id eq "${id}"` }, token }),
      await api.call('POST', `/users/${id}/access-preview`, { body: { title: 'Keeper' }, token }),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [403, 'access.exceeds_own_permissions']),
    );
    expect(await memberIds(group)).toEqual([]);
  });

  it('the last administrator by rule can lose neither the attribute nor the rule', async () => {
    const own = await anAccessApi();
    const [administrator] = items(await own.call('GET', '/roles?name=administrator'), 'roles');
    const person = await own.aUser({ title: 'Root' });
    const group = await own.done('POST', '/groups', { displayName: 'Roots', membershipRule: 'title eq "Root"' });
    await own.done('POST', '/role-assignments', { roleId: administrator?.id, groupId: group.id });
    await own.done('PATCH', `/users/${own.administratorId}`, { active: false });
    const token = own.tokenFor(['users:write', 'groups:write'], { type: 'user', id: person });

    const replies = [
      await own.call('PATCH', `/users/${person}`, { body: { title: 'Leaf' }, token }),
      await own.call('PATCH', `/groups/${group.id}`, { body: { membershipRule: 'title eq "Leaf"' }, token }),
      await own.call('PATCH', `/groups/${group.id}`, { body: { membershipRule: null }, token }),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [409, 'access.last_administrator']),
    );
    expect(await hasAdministrator(own.read, own.clock.now())).toBe(true);
    await own.close();
  });
});

describe('previews', () => {
  it('say who would join and leave, and change nothing', async () => {
    const [stays, leaves, joins] = [
      await api.aUser({ title: 'P1', displayName: 'Stays' }),
      await api.aUser({ title: 'P2', displayName: 'Leaves' }),
      await api.aUser({ title: 'P3', displayName: 'Joins' }),
    ];
    const group = await aRuleGroup('Previewed', 'title eq "P1" or title eq "P2"');

    const reply = await api.call('POST', `/groups/${group}/membership-preview`, {
      body: { membershipRule: 'title eq "P1" or title eq "P3"' },
    });

    expect(reply.body).toEqual({
      joining: { count: 1, people: [{ value: joins, display: 'Joins' }] },
      leaving: { count: 1, people: [{ value: leaves, display: 'Leaves' }] },
    });
    expect((await memberIds(group)).sort()).toEqual([stays, leaves].sort());
    expect(await api.auditOf(reply)).toEqual([]);
  });

  it('say what a change of a person gives and takes: groups, roles, permissions; it is what the change then does', async () => {
    const [from, to] = [await aRuleGroup('From', 'title eq "From"'), await aRuleGroup('To', 'title eq "To"')];
    const [reads, writes] = [
      await aRole('reads', ORDERS, 'orders:read'),
      await aRole('writes', ORDERS, 'orders:write'),
    ];
    await api.done('POST', '/role-assignments', { roleId: reads, groupId: from });
    await api.done('POST', '/role-assignments', { roleId: writes, groupId: to });
    const person = await api.aUser({ title: 'From' });

    const reply = await api.call('POST', `/users/${person}/access-preview`, { body: { title: 'To' } });
    const leaving = await api.done('POST', `/users/${person}/access-preview`, { active: false });

    expect(reply.body).toEqual({
      gains: { groups: ['To'], roles: ['writes'], permissions: [{ resource: ORDERS, values: ['orders:write'] }] },
      losses: { groups: ['From'], roles: ['reads'], permissions: [{ resource: ORDERS, values: ['orders:read'] }] },
    });
    expect(leaving.losses).toEqual((reply.body as { losses: unknown }).losses);
    expect([await memberIds(from), await memberIds(to)]).toEqual([[person], []]);
    expect(await api.auditOf(reply)).toEqual([]);
    await api.done('PATCH', `/users/${person}`, { title: 'To' });
    expect([await memberIds(from), await memberIds(to)]).toEqual([[], [person]]);
  });
});
