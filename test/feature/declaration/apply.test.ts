import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { createRole } from '../../../src/domain/access/create-role.ts';
import { removeRoleAssignment } from '../../../src/domain/access/remove-role-assignment.ts';
import { findRoleByName } from '../../../src/domain/access/role.ts';
import { searchRoleAssignments } from '../../../src/domain/access/role-assignment.ts';
import { updateRoleAssignment } from '../../../src/domain/access/update-role-assignment.ts';
import { rotateClientSecret } from '../../../src/domain/clients/client-secrets.ts';
import { findPasswordHash } from '../../../src/domain/credentials/password-credential.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { findGroupByDisplayName } from '../../../src/domain/groups/find-group.ts';
import { removeGroupMembers } from '../../../src/domain/groups/group-members.ts';
import { amendClient } from '../../../src/domain/lifecycle/amend-client.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { removeUser } from '../../../src/domain/lifecycle/remove-user.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { findUserByUserName } from '../../../src/domain/users/find-user-by-user-name.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { administrator, anInstallation, type Installation } from './an-installation.ts';

const WHOLE = `
users:
  - userName: alice@example.com
    name: { givenName: Alice, familyName: Archer }
    emails: [{ value: alice@example.com, primary: true, verified: true }]
    password: seven otters keep the ledger
    active: true
    roles: [order-clerk]
    groups: [Sales]
  - userName: bob@example.com
    passwordHash: $2b$04$abcdefghijklmnopqrstuuJ8Q7m0h2n0J6n1c9mJ8yW5yq0Zr0e9a
groups:
  - displayName: Sales
    roles: [employee]
roles:
  - name: order-clerk
    permissions: [{ resource: https://api.example.com, values: [orders:read, orders:write] }]
    inherits: [employee]
  - name: employee
clients:
  - client_id: web
    client_name: Example web app
    client_secret: dev-only-secret
    redirect_uris: [http://localhost:4000/callback]
    grant_types: [authorization_code, refresh_token]
    response_types: [code]
    token_endpoint_auth_method: client_secret_basic
    first_party: true
  - client_id: worker
    grant_types: [client_credentials]
    client_secret: another-dev-only-secret
    permissions: [{ resource: https://api.example.com, values: [orders:read] }]
    roles: [employee]
resourceServers:
  - identifier: https://api.example.com
    name: Orders API
    accessTokenFormat: jwt
    accessTokenLifetimeSeconds: 300
    permissions: [{ value: orders:read, description: Read orders }, { value: orders:write }]
`;

const aPerson = (name: string, rest = '') => `users: [{ userName: ${name}${rest} }]`;

describe('doorward apply (DESIGN §8)', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation.end());

  const assignmentsOf = async (userName: string) => {
    const user = await findUserByUserName(installation.read, userName);
    const filters = { userId: user?.id };
    return (await searchRoleAssignments(installation.read, { filters, cursor: undefined, limit: 50 })).items;
  };

  it('makes everything a file declares, whatever the order in it, and says so', async () => {
    const { steps, notes } = await installation.apply(WHOLE);

    expect(steps.map(({ action, noun, name }) => `${action} ${noun} ${name}`)).toEqual([
      'create resource server https://api.example.com',
      'create role employee',
      'create role order-clerk',
      'create client web',
      'create client worker',
      'create group Sales',
      'create user alice@example.com',
      'create user bob@example.com',
      'create group membership alice@example.com in Sales',
      'create role assignment employee to group Sales',
      'create role assignment employee to client worker',
      'create role assignment order-clerk to alice@example.com',
    ]);
    expect(notes).toEqual([]);
    const alice = await findUserByUserName(installation.read, 'ALICE@example.com');
    const hash = await findPasswordHash(installation.read, alice?.id ?? '');
    const verdict = await createPasswordHashing({ cost: 4 }).verifyPassword(hash, 'seven otters keep the ledger');
    expect(verdict.matches).toBe(true);
  });

  it('a second run changes nothing, records nothing and hashes no password', async () => {
    const before = { events: await installation.count('audit_events'), hashed: installation.hashed.length };

    const { steps } = await installation.apply(WHOLE);

    expect(steps).toEqual([]);
    expect({ events: await installation.count('audit_events'), hashed: installation.hashed.length }).toEqual(before);
  });

  it('records every change for the operator who applied, without a secret', async () => {
    const rows = await installation.read.query<{ type: string; actorId: string; text: string }>(
      `SELECT type, actor_id AS "actorId", coalesce(details::text, '') AS text FROM audit_events WHERE actor_type = 'operator'`,
    );

    const applied = rows.filter(({ actorId }) => actorId === 'apply');
    expect(applied.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['users.created', 'clients.created', 'roles.created', 'declarations.applied']),
    );
    expect(rows.map(({ text }) => text).join()).not.toMatch(/otters|dev-only-secret|\$2b\$/);
  });

  it('a dry run shows the same plan and leaves the database as it was', async () => {
    const before = await installation.export();
    const text = `${WHOLE.replace('Orders API', 'The orders')}`;

    const dry = await installation.apply(text, { dryRun: true });

    expect(dry.steps).toEqual([
      {
        action: 'update',
        noun: 'resource server',
        name: 'https://api.example.com',
        changed: { name: { from: 'Orders API', to: 'The orders' } },
      },
    ]);
    expect(await installation.export()).toBe(before);
  });

  it('changes attributes, role permissions and inheritance to what the file says now', async () => {
    const text = WHOLE.replace('familyName: Archer', 'familyName: Baker')
      .replace('values: [orders:read, orders:write]', 'values: [orders:read]')
      .replace('    inherits: [employee]\n', '');

    const { steps } = await installation.apply(text);

    expect(steps.map(({ action, noun, name }) => `${action} ${noun} ${name}`)).toEqual([
      'update role order-clerk',
      'update user alice@example.com',
    ]);
    const role = await findRoleByName(installation.read, 'order-clerk');
    expect(role?.permissions).toEqual([{ resource: 'https://api.example.com', values: ['orders:read'] }]);
    expect(role?.inherits).toEqual([]);
    await installation.apply(WHOLE);
  });

  it('never deletes what it did not make, and what left the file only with --prune', async () => {
    await installation.transact(administrator, (tx) =>
      createRole(tx, { name: 'by-hand', permissions: [], inherits: [] }),
    );
    await installation.apply('roles: [{ name: short-lived }, { name: by-hand, description: Told by a file }]');

    const kept = await installation.apply(WHOLE);
    const pruned = await installation.apply(WHOLE, { prune: true });

    expect(kept.leftovers).toEqual(['role short-lived']);
    expect(pruned.steps.map(({ action, noun, name }) => `${action} ${noun} ${name}`)).toEqual([
      'delete role short-lived',
    ]);
    expect((await findRoleByName(installation.read, 'by-hand'))?.description).toBe('Told by a file');
  });

  it('a permission that left the file is taken from those who have it with --prune alone', async () => {
    const less = WHOLE.replace(', { value: orders:write }', '').replace('[orders:read, orders:write]', '[orders:read]');

    const kept = await installation.apply(less);
    expect(kept.leftovers).toEqual(['permission orders:write of https://api.example.com']);
    await installation.apply(less, { prune: true });

    const [row] = await installation.read.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM permissions WHERE value = 'orders:write') AS found`,
    );
    expect(row?.found).toBe(false);
    await installation.apply(WHOLE);
  });

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
    expect(after?.active).toBe(false);
    expect(after?.emails[0]?.verified).toBe(false);
    expect(await findPasswordHash(installation.read, id)).toBe(hash);
  });

  it('--reactivate makes people active again, and the audit log tells it apart', async () => {
    const { steps } = await installation.apply(WHOLE, { reactivate: true });

    expect(steps.map(({ action, name }) => `${action} ${name}`)).toEqual(['reactivate alice@example.com']);
    expect((await findUserByUserName(installation.read, 'alice@example.com'))?.active).toBe(true);
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

    await installation.transact(administrator, (tx) => createUser(tx, { userName: 'Frida' }));
    await installation.apply(aPerson('frida', ', roles: [employee]'));
    expect(await assignmentsOf('frida')).toEqual([]);
  });

  it('assignments it made follow the file; those of others stay', async () => {
    await installation.apply(aPerson('gerd', ', roles: [employee, order-clerk]'));
    const { steps } = await installation.apply(aPerson('gerd', ', roles: [order-clerk]'));

    expect(steps.map(({ action, name }) => `${action} ${name}`)).toEqual(['delete employee to gerd']);
    // Taken out of the file and put back is the operator's own word.
    await installation.apply(aPerson('gerd', ', roles: [employee, order-clerk]'));
    expect(await assignmentsOf('gerd')).toHaveLength(2);
  });

  it('another client_secret rotates: the one before works on during the change-over', async () => {
    const { steps } = await installation.apply(WHOLE.replace('dev-only-secret', 'the-next-secret'));

    expect(steps).toEqual([
      { action: 'update', noun: 'client', name: 'web', changed: { client_secret: { to: '[redacted]' } } },
    ]);
    const rows = await installation.read.query<{ hash: string; expiresAt: Date | null }>(
      `SELECT hash, expires_at AS "expiresAt" FROM client_secrets WHERE client_id = 'web' ORDER BY created_at`,
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]?.expiresAt).not.toBeNull();
    expect(rows[1]?.expiresAt).toBeNull();
    expect(rows.map(({ hash }) => hash)).toEqual([
      installation.hashOf('dev-only-secret'),
      installation.hashOf('the-next-secret'),
    ]);
  });

  it('a secret rotated elsewhere is not undone by an old file', async () => {
    const text = WHOLE.replace('dev-only-secret', 'the-next-secret');
    const keeper = { hash: (secret: string) => `hmac-sha256$${secret}`, seal: () => Buffer.alloc(0) };
    await installation.transact(administrator, (tx) =>
      rotateClientSecret(tx, { clientId: 'web', keeper, previousExpiresAt: tx.now }),
    );

    const { steps } = await installation.apply(text);

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

  it('the last administrator cannot be pruned away; nothing at all is changed then', async () => {
    await installation.apply(aPerson('root', ', roles: [administrator]'));
    const before = await installation.export();

    const refused = installation.apply('roles: [{ name: new-one }]', { prune: true });

    await expect(refused).rejects.toMatchObject({ code: 'access.last_administrator' });
    expect(await installation.export()).toBe(before);
  });

  it('processes that apply at once take turns: every one succeeds and one of them makes it', async () => {
    const text = aPerson('parallel', ', password: nine herons watch the harbour, roles: [employee]');

    const summaries = await Promise.all([1, 2, 3, 4].map(() => installation.apply(text)));

    expect(summaries.filter(({ steps }) => steps.length > 0)).toHaveLength(1);
  });

  it("the examples' own file can be applied", async () => {
    const text = await readFile('examples/doorward.yaml', 'utf8');

    await expect(installation.apply(text, { dryRun: true })).resolves.toMatchObject({ dryRun: true });
  });
});

describe('doorward export (DESIGN §8)', () => {
  it('gives a file that applies back to the same state, and has no secret in it', async () => {
    const [first, second] = [await anInstallation(), await anInstallation()];
    await first.apply(
      WHOLE.replace(
        'roles: [order-clerk]',
        'roles: [{ role: order-clerk, endsAt: 2031-05-01T00:00:00Z, reason: a trial }]',
      ).replace('active: true', 'active: false\n    locale: en-GB\n    externalId: "0042"'),
    );

    const exported = await first.export();
    await second.apply(exported);

    expect(await second.export()).toBe(exported);
    expect(exported).not.toMatch(/otters|dev-only-secret|\$2b\$|dw1:|hmac-sha256/);
    const hashes = await first.export({ withPasswordHashes: true });
    expect(hashes).toMatch(/passwordHash: dw1:bcrypt/);
    await Promise.all([first.end(), second.end()]);
  });
});
