import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { createRole } from '../../../src/domain/access/create-role.ts';
import { deleteRole } from '../../../src/domain/access/delete-role.ts';
import { removeRoleAssignment } from '../../../src/domain/access/remove-role-assignment.ts';
import { roleInput } from '../../../src/domain/access/role-input.ts';
import { updateRole } from '../../../src/domain/access/update-role.ts';
import { amendUser } from '../../../src/domain/lifecycle/amend-user.ts';
import { changeGroup } from '../../../src/domain/lifecycle/change-group.ts';
import { endMembership } from '../../../src/domain/lifecycle/end-group-membership.ts';
import { foundGroup } from '../../../src/domain/lifecycle/fill-group.ts';
import { removeGroup } from '../../../src/domain/lifecycle/remove-group.ts';
import type { Tx } from '../../../src/persistence/unit-of-work.ts';
import { aProvider, operator, type TestProvider } from '../../support/provider.ts';
import { basic, obtainCode, post, redeem } from '../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../support/provider-seed.ts';

const ORDERS = 'https://orders.example';
const BILLS = 'https://bills.example';
const SIGNED = 'https://signed.example';
const web = basic('web', 'web-secret');
let idp: TestProvider;
let serial = 0;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: ORDERS, permissions: ['orders:read', 'orders:write'] });
  await addResourceServer(idp, { identifier: BILLS, permissions: ['bills:read'] });
  await addResourceServer(idp, { identifier: SIGNED, format: 'jwt', permissions: ['signed:read'] });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
});

afterAll(() => idp.end());

const act = <T>(work: (tx: Tx) => Promise<T>) => idp.transact(operator, work);

/** Someone called by their title, who has the role through groups in groups, by rule, or directly. */
async function aMover() {
  serial += 1;
  const title = `Title ${serial}`;
  const userId = await addUser(idp, { userName: `mover-${serial}` });
  await allow(idp, { subject: { userId }, resource: BILLS, values: ['bills:read'] });
  await act((tx) => amendUser(tx, { id: userId, patch: { title } }));
  return act(async (tx) => {
    const permissions = [
      { resource: ORDERS, values: ['orders:read'] },
      { resource: SIGNED, values: ['signed:read'] },
    ];
    const role = await createRole(tx, roleInput.parse({ name: `mover-${serial}`, permissions }));
    return { userId, title, role };
  });
}

type Mover = Awaited<ReturnType<typeof aMover>>;

async function tokensOf({ userId }: Mover) {
  const scope = 'openid offline_access orders:read bills:read signed:read';
  const tokenAt = async (resource: string) => {
    const signedIn = await obtainCode(idp, { clientId: 'web', scope, resource }, { accountId: userId });
    return (await redeem(idp, signedIn, web, { resource })).body;
  };
  return { orders: await tokenAt(ORDERS), bills: await tokenAt(BILLS), signed: await tokenAt(SIGNED) };
}

const isActive = async (token: unknown) =>
  (await post(idp, '/introspect', { token: String(token) }, { authorization: web })).body.active;
const stored = async (token: unknown) =>
  (await idp.pool.query(`SELECT 1 FROM provider_records WHERE id = sha256(convert_to($1, 'UTF8'))`, [String(token)]))
    .rowCount;

/** How they got the role, and how they lose it. */
const ways: Readonly<Record<string, (mover: Mover) => Promise<() => Promise<unknown>>>> = {
  'an attribute that a rule asks for changes': async ({ userId, title, role }) => {
    await act(async (tx) => {
      const input = { displayName: `By rule ${serial}`, membershipRule: `title eq "${title}"` };
      await assignRole(tx, { roleId: role.id, groupId: (await foundGroup(tx, { input })).id });
    });
    return () => act((tx) => amendUser(tx, { id: userId, patch: { title: 'Elsewhere' } }));
  },
  'the rule changes': async ({ title, role }) => {
    const group = await act(async (tx) => {
      const input = { displayName: `Rule ${serial}`, membershipRule: `title eq "${title}"` };
      const made = await foundGroup(tx, { input });
      await assignRole(tx, { roleId: role.id, groupId: made.id });
      return made;
    });
    return () => act((tx) => changeGroup(tx, { id: group.id, patch: { membershipRule: 'title eq "Nobody"' } }));
  },
  'they leave a group': async (mover) => {
    const { inner } = await inGroups(mover);
    return () => act((tx) => endMembership(tx, { groupId: inner, memberId: mover.userId }));
  },
  'their group leaves a group': async (mover) => {
    const { inner, outer } = await inGroups(mover);
    return () => act((tx) => endMembership(tx, { groupId: outer, memberId: inner }));
  },
  'a group above theirs is deleted': async (mover) => {
    const { outer } = await inGroups(mover);
    return () => act((tx) => removeGroup(tx, { id: outer }));
  },
  'an assignment ends': async ({ userId, role }) => {
    const { id } = await act((tx) => assignRole(tx, { roleId: role.id, userId: userId as never }));
    return () => act((tx) => removeRoleAssignment(tx, { id }));
  },
  'a role loses the permission': async ({ userId, role }) => {
    await act((tx) => assignRole(tx, { roleId: role.id, userId: userId as never }));
    return () => act((tx) => updateRole(tx, { id: role.id, patch: { permissions: [] } }));
  },
  'a role is deleted': async ({ userId, role }) => {
    await act((tx) => assignRole(tx, { roleId: role.id, userId: userId as never }));
    return () => act((tx) => deleteRole(tx, { id: role.id }));
  },
};

const inGroups = ({ userId, role }: Mover) =>
  act(async (tx) => {
    const inner = await foundGroup(tx, { input: { displayName: `Inner ${serial}` }, userIds: [userId] });
    const members = [{ value: inner.id, type: 'Group' as const }];
    const outer = await foundGroup(tx, { input: { displayName: `Outer ${serial}` }, members });
    await assignRole(tx, { roleId: role.id, groupId: outer.id });
    return { inner: inner.id, outer: outer.id };
  });

describe('a mover: access that nothing gives any more ends, tokens with it', () => {
  for (const [name, prepare] of Object.entries(ways)) {
    it(`when ${name}: opaque tokens end in the transaction, JWTs are refused at introspection, refresh narrows`, async () => {
      const mover = await aMover();
      const lose = await prepare(mover);
      const tokens = await tokensOf(mover);
      const all = [tokens.orders, tokens.bills, tokens.signed].map(({ access_token }) => access_token);
      expect(await Promise.all(all.map(isActive))).toEqual([true, true, true]);

      await lose();

      expect(await Promise.all(all.map(isActive))).toEqual([false, true, false]);
      expect([await stored(all[0]), await stored(all[1])]).toEqual([0, 1]);
      const form = { grant_type: 'refresh_token', refresh_token: String(tokens.orders.refresh_token) };
      const renewed = await post(idp, '/token', { ...form, resource: ORDERS }, { authorization: web });
      expect(String(renewed.body.scope ?? '').split(' ')).not.toContain('orders:read');
      const { rows } = await idp.pool.query(
        `SELECT details FROM audit_events WHERE type = 'access-tokens.ended' AND target_id = $1`,
        [mover.userId],
      );
      expect(rows).toEqual([{ details: { tokens: 1 } }]);
    });
  }

  it('a change that takes none of its permissions leaves a token alone', async () => {
    const mover = await aMover();
    const { inner, outer } = await inGroups(mover);
    await act((tx) => assignRole(tx, { roleId: mover.role.id, userId: mover.userId as never }));
    const { orders, signed } = await tokensOf(mover);

    await act((tx) => endMembership(tx, { groupId: outer, memberId: inner }));

    expect([await isActive(orders.access_token), await isActive(signed.access_token)]).toEqual([true, true]);
  });
});
