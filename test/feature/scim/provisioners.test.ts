import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entraCreate, entraGroup, entraPatch, oktaCreate, oktaReplace } from './fixtures.ts';
import { aScimApi, type Body, ENTERPRISE, query, resourcesOf, type ScimApi, uniqueName } from './scim-api.ts';

let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
}, 60_000);

afterAll(() => api.close());

const post = async (path: string, body: Body) => {
  const reply = await api.call('POST', path, { body });
  expect([reply.status, reply.text.slice(0, 300)]).toEqual([201, expect.any(String)]);
  return reply.body;
};
const patched = async (path: string, body: Body) => {
  const reply = await api.call('PATCH', path, { body });
  expect(reply.status).toBeLessThan(300);
  return reply.status === 204 ? {} : reply.body;
};

describe('Microsoft Entra ID', () => {
  it('looks for the person first, with its own parameter in the address; nobody is an empty list', async () => {
    const filter = `userName eq "${uniqueName('nobody')}"`;
    const reply = await api.call('GET', `/Users${query({ aadOptscim062020: '', filter })}`);

    expect([reply.status, reply.body.totalResults, reply.body.Resources]).toEqual([200, 0, []]);
  });

  it('creates a person with `roles: []` and `meta`', async () => {
    const userName = uniqueName('Entra_User');
    const user = await post('/Users', entraCreate(userName));

    expect(user).toMatchObject({ userName, externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', active: true });
    const found = await api.call('GET', `/Users${query({ filter: `externalId eq "${user.externalId}"` })}`);
    expect(resourcesOf(found).map(({ id }) => id)).toContain(user.id);
  });

  it.each<[string, Body[], Body]>([
    [
      '"Replace" capitalised, active as "False"',
      [{ op: 'Replace', path: 'active', value: 'False' }],
      { active: false },
    ],
    ['active as "False", no path', [{ op: 'Replace', value: { active: 'False' } }], { active: false }],
    [
      'a value that is not there yet',
      [{ op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '555' }],
      { phoneNumbers: [{ type: 'mobile', value: '555' }] },
    ],
    [
      'a value that is not there yet, replaced',
      [{ op: 'Replace', path: 'addresses[type eq "work"].streetAddress', value: 'Way 1' }],
      { addresses: [{ type: 'work', streetAddress: 'Way 1' }] },
    ],
    [
      'a value that is there',
      [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@testuser.example' }],
      { emails: [{ primary: true, type: 'work', value: 'new@testuser.example' }] },
    ],
    [
      'dotted names, no path',
      [{ op: 'Replace', value: { 'name.givenName': 'New', displayName: 'N', [`${ENTERPRISE}:department`]: 'Sales' } }],
      {
        name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'New' },
        displayName: 'N',
        [ENTERPRISE]: { department: 'Sales' },
      },
    ],
    [
      'a filtered name, no path',
      [
        {
          op: 'Add',
          value: { 'phoneNumbers[type eq "work"].value': '1', 'emails[type eq "work"].value': 'x@testuser.example' },
        },
      ],
      {
        phoneNumbers: [{ type: 'work', value: '1' }],
        emails: [{ primary: true, type: 'work', value: 'x@testuser.example' }],
      },
    ],
  ])('changes by PATCH: %s', async (_, operations, expected) => {
    const user = await post('/Users', entraCreate(uniqueName('Entra_User')));
    await patched(`/Users/${user.id}`, entraPatch(...operations));
    const { body } = await api.call('GET', `/Users/${user.id}`);

    for (const [name, value] of Object.entries(expected)) expect([name, body[name]]).toEqual([name, value]);
  });

  it('sets a manager by the bare id, and takes it away', async () => {
    const boss = await post('/Users', { ...entraCreate(uniqueName('Boss')), displayName: 'Boss' });
    const user = await post('/Users', entraCreate(uniqueName('Entra_User')));
    const path = `${ENTERPRISE}:manager`;
    const changed = await patched(`/Users/${user.id}`, entraPatch({ op: 'Add', path, value: boss.id }));

    const manager = { value: boss.id, $ref: `${api.base}/Users/${boss.id}`, displayName: 'Boss' };
    expect(changed[ENTERPRISE]).toEqual({ manager });
    for (const removal of [
      { op: 'Remove', path },
      { op: 'Replace', path, value: '' },
    ]) {
      expect(await patched(`/Users/${user.id}`, entraPatch(removal))).not.toHaveProperty([ENTERPRISE]);
      await patched(`/Users/${user.id}`, entraPatch({ op: 'Add', path, value: boss.id }));
    }
  });

  it('fills and empties a group: one member at a time, removed by a list of values', async () => {
    const group = await post('/Groups', entraGroup(uniqueName('Entra')));
    const [one, two] = [await api.aUser(), await api.aUser()];
    const path = `/Groups/${group.id}`;
    const found = await api.call(
      'GET',
      `/Groups${query({ excludedAttributes: 'members', filter: `displayName eq "${group.displayName}"` })}`,
    );
    expect(resourcesOf(found).map(({ id }) => id)).toEqual([group.id]);
    for (const { id } of [one, two])
      await patched(path, entraPatch({ op: 'Add', path: 'members', value: [{ $ref: null, value: id }] }));
    await patched(path, entraPatch({ op: 'Remove', path: 'members', value: [{ $ref: null, value: one.id }] }));

    const { members } = (await api.call('GET', path)).body as { members: Body[] };
    expect(members.map(({ value }) => value)).toEqual([two.id]);
    expect(
      await patched(path, entraPatch({ op: 'Replace', path: 'displayName', value: uniqueName('Renamed') })),
    ).toEqual({});
  });
});

describe('Okta', () => {
  it('creates with a password and `groups: []`, changes by PUT of the whole person', async () => {
    const userName = uniqueName('okta.user');
    const user = await post('/Users', oktaCreate(userName));
    const reply = await api.call('PUT', `/Users/${user.id}`, {
      body: oktaReplace(user, { displayName: 'Renamed', active: true }),
    });

    expect(reply.body).toMatchObject({ id: user.id, userName, displayName: 'Renamed', locale: 'en-US' });
  });

  it('deactivates by PATCH without a path, and brings back by PUT', async () => {
    const user = await post('/Users', oktaCreate(uniqueName('okta.user')));
    const left = await patched(`/Users/${user.id}`, entraPatch({ op: 'replace', value: { active: false } }));
    const back = await api.call('PUT', `/Users/${user.id}`, { body: oktaReplace(left, { active: true }) });

    expect([left.active, back.body.active]).toEqual([false, true]);
  });

  it('renames a group by PATCH with `id` in the value, and removes members by filter', async () => {
    const member = await api.aUser();
    const group = await api.aGroup({ members: [{ value: member.id, display: member.userName }] });
    const displayName = uniqueName('Renamed');
    await patched(`/Groups/${group.id}`, entraPatch({ op: 'replace', value: { id: group.id, displayName } }));
    await patched(`/Groups/${group.id}`, entraPatch({ op: 'remove', path: `members[value eq "${member.id}"]` }));
    const { body } = await api.call('GET', `/Groups/${group.id}`);

    expect(body.displayName).toBe(displayName);
    expect(body).not.toHaveProperty('members');
  });

  it('lists pages of people', async () => {
    const reply = await api.call('GET', `/Users${query({ startIndex: 1, count: 100 })}`);

    expect(reply.body).toMatchObject({
      startIndex: 1,
      itemsPerPage: expect.any(Number),
      totalResults: expect.any(Number),
    });
  });
});
