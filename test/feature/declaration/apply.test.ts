import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRole } from '../../../src/domain/access/create-role.ts';
import { findRoleByName } from '../../../src/domain/access/role.ts';
import { searchRoleAssignments } from '../../../src/domain/access/role-assignment.ts';
import { findPasswordHash } from '../../../src/domain/credentials/password-credential.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { findUserByUserName } from '../../../src/domain/users/find-user-by-user-name.ts';
import { aPerson, WHOLE } from './a-declaration.ts';
import { administrator, anInstallation, type Installation } from './an-installation.ts';

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
      'create group Company',
      'create group membership group Sales in Company',
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

  it('the file of the guide can be applied', async () => {
    const guide = await readFile('docs/guides/declarative-file.md', 'utf8');
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
    const hash = `$2b$12$${'a'.repeat(53)}`;

    const whole = text.replaceAll('sha256$…', `sha256$${'a'.repeat(43)}`).replace('$2b$12$…', () => hash);

    await expect(installation.apply(whole, { dryRun: true })).resolves.toMatchObject({ dryRun: true });
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
