import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTERPRISE } from '../../../src/domain/users/enterprise-input.ts';
import { CERTIFICATE } from '../../support/certificate.ts';
import { aPeopleApi, type Body, faults, items, type PeopleApi } from '../admin/people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

const enterprise = {
  employeeNumber: '701984',
  costCenter: 'CC-4130',
  organization: 'Universal Studios',
  division: 'Theme Park',
  department: 'Tour Operations',
};

describe('RFC 7643 §4.3: enterprise attributes, under their URN', () => {
  it('are kept, shown with what the manager is called, changed one by one and removed', async () => {
    const boss = await api.aUser({ displayName: 'Babs Boss' });
    const other = await api.aUser({ name: { givenName: 'Otto', familyName: 'Other' } });
    const id = await api.aUser({ [ENTERPRISE]: { ...enterprise, manager: { value: boss } } });
    const patch = (body: Body) => api.call('PATCH', `/users/${id}`, { body });

    const shown = await api.call('GET', `/users/${id}`);
    expect(shown.body[ENTERPRISE]).toEqual({ ...enterprise, manager: { value: boss, displayName: 'Babs Boss' } });
    const changed = await patch({ [ENTERPRISE]: { department: 'Sales', manager: { value: other } } });
    const { employeeNumber, costCenter, organization, division } = enterprise;
    const kept = { employeeNumber, costCenter, organization, division, department: 'Sales' };
    expect(changed.body[ENTERPRISE]).toEqual({ ...kept, manager: { value: other, displayName: 'Otto Other' } });
    const [event] = await api.auditOf(changed);
    expect(event).toMatchObject({ type: 'users.updated', details: { changed: { [ENTERPRISE]: { to: kept } } } });
    expect((await patch({ [ENTERPRISE]: { manager: null } })).body[ENTERPRISE]).toEqual(kept);
    expect((await patch({ [ENTERPRISE]: null })).body).not.toHaveProperty([ENTERPRISE]);
  });

  it('a manager who is deleted is nobody’s manager any more', async () => {
    const boss = await api.aUser();
    const id = await api.aUser({ [ENTERPRISE]: { department: 'Sales', manager: { value: boss } } });

    await api.call('DELETE', `/users/${boss}`);

    expect((await api.call('GET', `/users/${id}`)).body[ENTERPRISE]).toEqual({ department: 'Sales' });
  });

  it('people are found by each of them, in both spellings, without regard to case', async () => {
    const boss = await api.aUser();
    const attributes = {
      employeeNumber: 'E-77',
      costCenter: 'Cc',
      organization: 'Org',
      division: 'Div',
      department: 'Dep',
    };
    const id = await api.aUser({
      title: 'Chief of Search',
      userType: 'Searcher',
      [ENTERPRISE]: { ...attributes, manager: { value: boss } },
    });
    const queries = [
      'title=chief of search',
      'userType=SEARCHER',
      `manager=${boss}`,
      `${ENTERPRISE}:manager.value=${boss}`,
      ...Object.entries(attributes).flatMap(([name, value]) => [
        `${name}=${value.toLowerCase()}`,
        `${ENTERPRISE}:${name}=${value.toUpperCase()}`,
      ]),
      'department=dep&division=div&title=chief of search',
    ];
    for (const query of queries) {
      const reply = await api.call('GET', `/users?${encodeURI(query)}`);

      expect([query, items(reply, 'users').map((user) => user.id)]).toEqual([query, [id]]);
    }
    for (const query of ['department=other', 'manager=nobody', `manager=${id}`])
      expect([query, items(await api.call('GET', `/users?${query}`), 'users')]).toEqual([query, []]);
  });

  const wrong: readonly (readonly [string, Body, string])[] = [
    ['an attribute nobody knows', { floor: '3' }, '/floor'],
    ['a number for text', { employeeNumber: 701984 }, '/employeeNumber'],
    ['empty text', { department: '' }, '/department'],
    ['a manager by name', { manager: 'Babs' }, '/manager'],
    ['a manager who is no id', { manager: { value: 'Babs' } }, '/manager/value'],
    ['a manager who is not there', { manager: { value: '00000000-0000-7000-8000-000000000000' } }, '/manager/value'],
    ['a name for the manager', { manager: { displayName: 'Babs' } }, '/manager/displayName'],
  ];
  it.each(wrong)('%s is refused with 422 and a pointer, in a creation and in a change', async (_, body, pointer) => {
    const id = await api.aUser();

    const created = await api.call('POST', '/users', { body: { userName: 'wrong', [ENTERPRISE]: body } });
    const patched = await api.call('PATCH', `/users/${id}`, { body: { [ENTERPRISE]: body } });

    expect([created.status, patched.status]).toEqual([422, 422]);
    expect(faults(created)).toContain(`/${ENTERPRISE}${pointer}`);
    expect(faults(patched)).toContain(`/${ENTERPRISE}${pointer}`);
  });
});

describe('RFC 7643 §4.1.2: multi-valued attributes', () => {
  const lists = {
    emails: [{ value: 'a@lists.example', display: 'A', type: 'work', primary: true, verified: false }],
    phoneNumbers: [{ value: 'tel:+1-201-555-0123', display: 'desk', type: 'work', primary: true }],
    addresses: [{ type: 'work', streetAddress: '100 Universal City Plaza', country: 'US', primary: true }],
    photos: [{ value: 'https://photos.example.com/a/F', type: 'photo' }],
    ims: [{ value: 'someaimhandle', type: 'aim', display: 'chat' }],
    entitlements: [{ value: 'parking', type: 'site', primary: true }, { value: 'gym' }],
    x509Certificates: [{ value: CERTIFICATE, display: 'smart card' }],
  };

  it('all of them are kept and shown as they were given', async () => {
    const id = await api.aUser(lists);

    expect((await api.call('GET', `/users/${id}`)).body).toMatchObject(lists);
  });

  it('each is replaced whole by a change, and removed by null', async () => {
    const id = await api.aUser(lists);
    for (const name of Object.keys(lists)) {
      const reply = await api.call('PATCH', `/users/${id}`, { body: { [name]: null } });

      expect([name, reply.status, reply.body[name]]).toEqual([name, 200, []]);
    }
  });

  it('a certificate is base64 (RFC 4648 §4), nothing else; what it says is not judged', async () => {
    for (const value of [`${CERTIFICATE.slice(0, -9)}`, `${CERTIFICATE}AAA`, 'not base64', ` ${CERTIFICATE}`]) {
      const reply = await api.call('POST', '/users', { body: { userName: 'x5', x509Certificates: [{ value }] } });

      expect([value, reply.status, faults(reply)]).toEqual([value, 422, ['/x509Certificates/0/value']]);
    }
  });
});
