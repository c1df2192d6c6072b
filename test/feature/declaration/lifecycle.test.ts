import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { removeRoleAssignment } from '../../../src/domain/access/remove-role-assignment.ts';
import { findRoleByName } from '../../../src/domain/access/role.ts';
import { searchRoleAssignments } from '../../../src/domain/access/role-assignment.ts';
import { updateRoleAssignment } from '../../../src/domain/access/update-role-assignment.ts';
import { rotateClientSecret } from '../../../src/domain/clients/client-secrets.ts';
import { findPasswordHash } from '../../../src/domain/credentials/password-credential.ts';
import { findGroupByDisplayName } from '../../../src/domain/groups/find-group.ts';
import { removeGroupMembers } from '../../../src/domain/groups/group-members.ts';
import { amendClient } from '../../../src/domain/lifecycle/amend-client.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { removeUser } from '../../../src/domain/lifecycle/remove-user.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { eraseUser } from '../../../src/domain/users/erase-user.ts';
import { findUserByUserName } from '../../../src/domain/users/find-user-by-user-name.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import type { UserId } from '../../../src/kernel/ids.ts';
import { aPerson, WHOLE } from './a-declaration.ts';
import { administrator, anInstallation, type Installation } from './an-installation.ts';

describe('a file never undoes what somebody else ended (DESIGN §8)', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
    await installation.apply(WHOLE);
  });
  afterAll(() => installation.end());

  const assignmentsOf = async (userName: string) => {
    const user = await findUserByUserName(installation.read, userName);
    const filters = { userId: user?.id };
    return (await searchRoleAssignments(installation.read, { filters, cursor: undefined, limit: 50 })).items;
  };

  it('of people who exist it never changes active, password or verified', async () => {
    const alice = await findUserByUserName(installation.read, 'alice@example.com');
    const id = alice?.id ?? '';
    const hash = await findPasswordHash(installation.read, id);
    await installation.transact(administrator, async (tx) => {
      await updateUser(tx, {
        id,
        patch: { emails: [{ value: 'alice@example.com', primary: true, verified: false }] },
      });
      await deactivateUser(tx, { userId: id });
    });

    const { steps, notes } = await installation.apply(
      WHOLE.replace('seven otters keep the ledger', 'quite another password'),
    );

    const after = await findUserByUserName(installation.read, 'alice@example.com');
    expect(steps).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('alice@example.com is not active')]);
    expect(after?.status).toBe('inactive');
    expect(after?.emails[0]?.verified).toBe(false);
    expect(await findPasswordHash(installation.read, id)).toBe(hash);
  });

  it('--reactivate makes people active again, and the audit log tells it apart', async () => {
    const { steps } = await installation.apply(WHOLE, { reactivate: true });

    expect(steps.map(({ action, name }) => `${action} ${name}`)).toEqual(['reactivate alice@example.com']);
    expect((await findUserByUserName(installation.read, 'alice@example.com'))?.status).toBe('active');
    const [event] = await installation.read.query<{ actorId: string }>(
      `SELECT actor_id AS "actorId" FROM audit_events WHERE type = 'declarations.reactivated'`,
    );
    expect(event?.actorId).toBe('apply');
  });

  it('a role or membership that somebody ended does not come back without --reactivate', async () => {
    const [assignment] = await assignmentsOf('alice@example.com');
    const sales = await findGroupByDisplayName(installation.read, 'sales');
    const alice = await findUserByUserName(installation.read, 'alice@example.com');
    await installation.transact(administrator, async (tx) => {
      await removeRoleAssignment(tx, { id: assignment?.id ?? '' });
      await removeGroupMembers(tx, { groupId: sales?.id ?? '', userIds: [alice?.id ?? ''] });
    });

    const { steps, notes } = await installation.apply(WHOLE);

    expect(steps).toEqual([]);
    expect(notes).toHaveLength(2);
    expect(await assignmentsOf('alice@example.com')).toEqual([]);
    const again = await installation.apply(WHOLE, { reactivate: true });
    expect(again.steps.map(({ action, noun }) => `${action} ${noun}`)).toEqual([
      'reactivate group membership',
      'reactivate role assignment',
    ]);
    expect((await installation.apply(WHOLE)).steps).toEqual([]);
  });

  it('nor does one that an administrator had given, once the file has declared it too', async () => {
    const role = await findRoleByName(installation.read, 'employee');
    if (role === undefined) throw new Error('the file made the role');
    const user = await installation.transact(administrator, async (tx) => {
      const made = await createUser(tx, { userName: 'dora' });
      await assignRole(tx, { roleId: role.id, userId: made.id });
      return made;
    });
    await installation.apply(aPerson('dora', ', roles: [employee]'));
    const [assignment] = await assignmentsOf('dora');
    await installation.transact(administrator, (tx) => removeRoleAssignment(tx, { id: assignment?.id ?? '' }));

    await installation.apply(aPerson('dora', ', roles: [employee]'));

    expect(user.userName).toBe('dora');
    expect(await assignmentsOf('dora')).toEqual([]);
  });

  it('an end that somebody set is not put off by the file', async () => {
    const ending = new Date('2030-01-01T00:00:00.000Z');
    await installation.apply(aPerson('erik', ', roles: [employee]'));
    const [assignment] = await assignmentsOf('erik');
    await installation.transact(administrator, (tx) =>
      updateRoleAssignment(tx, { id: assignment?.id ?? '', patch: { endsAt: ending } }),
    );

    const { steps, notes } = await installation.apply(aPerson('erik', ', roles: [employee]'));

    expect(steps).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('is not made longer')]);
    expect((await assignmentsOf('erik'))[0]?.endsAt).toEqual(ending);
  });

  it('a person who was deleted is not made again, and a namesake gets nothing', async () => {
    await installation.apply(aPerson('frida', ', roles: [employee]'));
    const frida = await findUserByUserName(installation.read, 'frida');
    await installation.transact(administrator, (tx) => removeUser(tx, { userId: frida?.id ?? '' }));

    const { notes } = await installation.apply(aPerson('frida', ', roles: [employee]'));
    expect(notes).toEqual([expect.stringContaining('frida was deleted')]);
    expect(await findUserByUserName(installation.read, 'frida')).toBeUndefined();

    const insisted = await installation.apply(aPerson('frida', ', roles: [employee]'), { reactivate: true });
    expect(insisted.notes).toEqual([expect.stringContaining('doorward users restore')]);

    await installation.transact(administrator, async (tx) => {
      await eraseUser(tx, { id: frida?.id as UserId });
      await createUser(tx, { userName: 'Frida' });
    });
    await installation.apply(aPerson('frida', ', roles: [employee]'));
    expect(await assignmentsOf('frida')).toEqual([]);
  });

  it('a secret rotated elsewhere is not undone by an old file', async () => {
    const keeper = { hash: (secret: string) => `hmac-sha256$${secret}`, seal: () => Buffer.alloc(0) };
    await installation.transact(administrator, (tx) =>
      rotateClientSecret(tx, { clientId: 'web', keeper, previousExpiresAt: tx.now }),
    );

    const { steps } = await installation.apply(WHOLE);

    expect(steps).toEqual([]);
  });

  it('a client somebody disabled stays disabled', async () => {
    const keeper = { hash: (secret: string) => secret, seal: () => Buffer.alloc(0) };
    await installation.transact(administrator, (tx) =>
      amendClient(tx, { clientId: 'worker', patch: { enabled: false }, keeper }),
    );
    const text = 'clients: [{ client_id: worker, enabled: true, grant_types: [client_credentials] }]';

    const { notes } = await installation.apply(text);

    expect(notes).toEqual([expect.stringContaining('client worker is disabled')]);
    const [row] = await installation.read.query<{ enabled: boolean }>(
      `SELECT enabled FROM clients WHERE client_id = 'worker'`,
    );
    expect(row?.enabled).toBe(false);
  });
});
