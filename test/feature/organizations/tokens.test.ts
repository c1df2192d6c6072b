import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  assignRoleWithin,
  removeRoleAssignmentWithin,
} from '../../../src/domain/access/organization-role-assignment.ts';
import { createOrganization } from '../../../src/domain/organizations/create-organization.ts';
import {
  addOrganizationMembers,
  removeOrganizationMember,
} from '../../../src/domain/organizations/organization-members.ts';
import { updateOrganization } from '../../../src/domain/organizations/update-organization.ts';
import { aProvider, operator, type TestProvider } from '../../support/provider.ts';
import { basic, obtainCode, post } from '../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../support/provider-seed.ts';

const API = 'https://api.example.com';
const OPAQUE = 'https://opaque.example.com';
const web = basic('web', 'web-secret');

let idp: TestProvider;
let alice: string;
let acme: string;
let below: string;
let bolt: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, { clientId: OPAQUE, secret: 'opaque-secret' });
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read', 'orders:write'] });
  await addResourceServer(idp, { identifier: OPAQUE, permissions: ['notes:read'] });
  alice = await addUser(idp, { userName: 'alice' });
  const role = await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:read'] });
  const within = await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:write'] });
  const notes = await allow(idp, { subject: { userId: alice }, resource: OPAQUE, values: ['notes:read'] });
  await idp.pool.query('DELETE FROM role_assignments WHERE role_id <> $1', [role]);
  await idp.transact(operator, async (tx) => {
    acme = (await createOrganization(tx, { name: 'acme' })).id;
    below = (await createOrganization(tx, { name: 'acme-east', parentId: acme as never })).id;
    bolt = (await createOrganization(tx, { name: 'bolt' })).id;
    await addOrganizationMembers(tx, { organizationId: acme, userIds: [alice] });
    for (const roleId of [within, notes]) await assignRoleWithin(tx, { organizationId: acme, roleId, userId: alice });
  });
});

afterAll(() => idp.end());

type Asked = {
  readonly resource?: string;
  readonly organization?: string;
  readonly scope?: string;
  readonly accountId?: string;
};

async function tokens({
  resource,
  organization,
  scope = 'openid orders:read orders:write notes:read',
  accountId = alice,
}: Asked) {
  const request = { clientId: 'web', scope, ...(resource === undefined ? {} : { resource }) };
  const { code, verifier } = await obtainCode(idp, request, { accountId });
  const form = {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: 'https://rp.example/callback',
  };
  const more = {
    ...(resource === undefined ? {} : { resource }),
    ...(organization === undefined ? {} : { organization }),
  };
  return post(idp, '/token', { ...form, ...more }, { authorization: web });
}

const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'));

const introspect = (token: unknown, client = web) =>
  post(idp, '/introspect', { token: String(token) }, { authorization: client });

describe('DESIGN §8: tokens for an organization', () => {
  it('hold the roles and permissions of that organization, and of none without asking', async () => {
    const none = await tokens({ resource: API });
    const inAcme = await tokens({ resource: API, organization: acme });
    const inBelow = await tokens({ resource: API, organization: below });

    expect([none.body.scope, claimsOf(none.body.access_token).org_id]).toEqual(['orders:read', undefined]);
    expect(inAcme.body.scope).toBe('orders:write');
    expect(claimsOf(inAcme.body.access_token)).toMatchObject({ org_id: acme, permissions: ['orders:write'] });
    expect(claimsOf(inBelow.body.access_token)).toMatchObject({ org_id: below, permissions: ['orders:write'] });
  });

  it('say it again at each refresh: another one, or none', async () => {
    const first = await tokens({ resource: API, organization: acme, scope: 'openid orders:read orders:write' });
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first.body.refresh_token), resource: API };
    const second = await post(idp, '/token', refresh, { authorization: web });
    const third = await post(
      idp,
      '/token',
      { ...refresh, refresh_token: String(second.body.refresh_token), organization: below },
      { authorization: web },
    );

    expect(claimsOf(second.body.access_token).org_id).toBeUndefined();
    expect(claimsOf(third.body.access_token).org_id).toBe(below);
  });

  it('are for members: of nothing else, and of nothing that is not there', async () => {
    for (const organization of [bolt, 'nonsense', '00000000-0000-7000-8000-000000000000']) {
      for (const resource of [API, undefined]) {
        const { status, body } = await tokens({ ...(resource ? { resource } : { scope: 'openid' }), organization });

        expect([organization, status, body.error]).toEqual([organization, 400, 'invalid_target']);
      }
    }
  });

  it('with the scope organization, userinfo tells of it', async () => {
    const inAcme = await tokens({ scope: 'openid organization', organization: acme });
    const none = await tokens({ scope: 'openid organization' });
    const ask = async ({ body }: typeof none) =>
      (await fetch(`${idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })).json();

    expect(await ask(inAcme)).toMatchObject({ sub: alice, org_id: acme, org_name: 'acme', org_teams: [] });
    expect(await ask(none)).toEqual({ sub: alice });
  });

  const ends: Readonly<Record<string, (bob: string, assignment: string) => Promise<unknown>>> = {
    'whoever it is about is no member any more': (bob) =>
      idp.transact(operator, (tx) => removeOrganizationMember(tx, { organizationId: acme, userId: bob })),
    'a role that it names is theirs no more': (_, id) =>
      idp.transact(operator, (tx) => removeRoleAssignmentWithin(tx, { organizationId: acme, id })),
  };
  it.each(Object.keys(ends))('RFC 7662 §2.2: are not active when %s, whatever their scope', async (name) => {
    const bob = await addUser(idp, { userName: `bob-${name.length}` });
    const roleId = await allow(idp, { subject: { userId: alice }, resource: OPAQUE, values: ['notes:read'] });
    const { id } = await idp.transact(operator, async (tx) => {
      await addOrganizationMembers(tx, { organizationId: acme, userIds: [bob] });
      return assignRoleWithin(tx, { organizationId: acme, roleId, userId: bob });
    });
    const issued = [
      await tokens({ accountId: bob, scope: 'openid organization', organization: acme }),
      await tokens({ accountId: bob, scope: 'openid', resource: OPAQUE, organization: acme }),
    ].map(({ body }) => body.access_token);
    const states = () => Promise.all(issued.map(async (token) => (await introspect(token)).body.active));
    const before = await states();

    await ends[name]?.(bob, id);

    expect([before, await states()]).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('stay while other access changes, and are not active once the organization is suspended', async () => {
    const inAcme = await tokens({ resource: OPAQUE, organization: acme });
    const resourceServer = basic(OPAQUE, 'opaque-secret');
    expect(inAcme.body.scope).toBe('notes:read');
    await idp.transact(operator, async (tx) => {
      tx.announce({ topic: 'access', key: '*' });
    });
    expect((await introspect(inAcme.body.access_token, resourceServer)).body).toMatchObject({
      active: true,
      org_id: acme,
    });
    await idp.transact(operator, (tx) => updateOrganization(tx, { id: acme, patch: { status: 'suspended' } }));

    expect((await introspect(inAcme.body.access_token, resourceServer)).body).toEqual({ active: false });
    expect((await tokens({ resource: API, organization: below })).body.error).toBe('invalid_target');
  });
});
