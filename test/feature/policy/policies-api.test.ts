import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { aClient, aPerson } from '../interaction/a-sign-in.ts';
import { type TwoOrganizations, twoOrganizations } from '../organizations/two-organizations.ts';

let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const closed = { effect: 'deny', reason: 'Closed.' };

describe('/admin/v1/policies', () => {
  it('creates, changes and deletes; each is in the audit log', async () => {
    const made = await admin.post('/policies', {
      name: 'Night',
      rules: [{ ...closed, when: { knownBrowser: false } }],
    });
    const changed = await admin.patch(`/policies/${made.id}`, { enabled: false, description: 'For now.' });
    await admin.delete(`/policies/${made.id}`);

    expect(made).toMatchObject({ name: 'Night', enabled: true, version: 1 });
    expect(changed).toMatchObject({ enabled: false, description: 'For now.', rules: made.rules, version: 2 });
    expect((await admin.call('GET', `/policies/${made.id}`)).status).toBe(404);
    const { auditEvents } = (await admin.get(`/audit-events?target=${made.id}`)) as { auditEvents: Json[] };
    expect(auditEvents.map(({ type }) => type).toSorted()).toEqual([
      'policies.created',
      'policies.deleted',
      'policies.updated',
    ]);
  });

  it('keeps roles, groups and organizations by id: another name changes nothing', async () => {
    const role = await admin.post('/roles', { name: 'night-clerk' });
    const group = await admin.post('/groups', { displayName: 'Night shift' });
    const when = { roles: ['night-clerk'], groups: ['night SHIFT'] };
    const made = await admin.post('/policies', { name: 'By name', rules: [{ ...closed, when }] });
    await admin.patch(`/roles/${role.id}`, { name: 'late-clerk' });

    const { rules } = (await admin.get(`/policies/${made.id}`)) as { rules: Json[] };
    await admin.delete(`/groups/${group.id}`);
    const after = (await admin.get(`/policies/${made.id}`)) as { rules: Json[] };
    await admin.delete(`/policies/${made.id}`);

    expect(rules[0]?.when).toEqual({ roles: ['late-clerk'], groups: ['Night shift'] });
    expect(after.rules[0]?.when).toEqual({ roles: ['late-clerk'], groups: [] });
  });

  it.each([
    ['an unknown member', { rules: [], more: 1 }, '/more'],
    ['an unknown condition', { rules: [{ ...closed, when: { moon: 'full' } }] }, '/rules/0/when/moon'],
    ['an unknown effect', { rules: [{ effect: 'maybe' }] }, '/rules/0/effect'],
    ['a refusal without a reason', { rules: [{ effect: 'deny' }] }, '/rules/0/reason'],
    ['nothing that is required', { rules: [{ effect: 'require', requirements: {} }] }, '/rules/0/requirements'],
    ['no network', { rules: [{ ...closed, when: { networks: ['10.0.0.0/99'] } }] }, '/rules/0/when/networks/0'],
    ['a role there is not', { rules: [{ ...closed, when: { roles: ['nobody'] } }] }, '/rules/0/when/roles/0'],
    ['a client there is not', { rules: [closed], clientId: 'nobody' }, '/clientId'],
    [
      'an organization there is not',
      { rules: [closed], organizationId: '00000000-0000-7000-8000-000000000000' },
      '/organizationId',
    ],
  ])('%s is refused at its place', async (_, body, pointer) => {
    const reply = await admin.call('POST', '/policies', { name: 'wrong', ...body });

    expect(reply.status).toBe(422);
    expect((reply.body.errors as Json[]).map((error) => error.pointer)).toContain(pointer);
  });

  it('a taken name is a conflict, an old version a failed precondition', async () => {
    const made = await admin.post('/policies', { name: 'Once', rules: [] });

    const again = await admin.call('POST', '/policies', { name: 'ONCE', rules: [] });
    const late = await admin.call('PATCH', `/policies/${made.id}`, { enabled: false }, { 'If-Match': '"7"' });

    expect([again.status, late.status]).toEqual([409, 412]);
    await admin.delete(`/policies/${made.id}`);
  });
});

describe('/admin/v1/policies/evaluations', () => {
  it('says what is decided and how each rule was read, and does nothing', async () => {
    const user = await aPerson(server);
    const { clientId } = await aClient(server);
    const rules = [
      { effect: 'require', requirements: { maxAgeSeconds: 600 }, description: 'Ten minutes' },
      { effect: 'allow', when: { networks: ['10.0.0.0/8'] } },
      { effect: 'require', requirements: { factors: 'two_factors' } },
    ];
    const { id } = await admin.post('/policies', { name: 'Office', clientId, rules });
    const evaluate = (more: Json) => admin.post('/policies/evaluations', { userId: user.id, clientId, ...more });
    const count = () => server.foundation.read.query('SELECT count(*) FROM audit_events');
    const before = await count();

    const office = await evaluate({ ipAddress: '10.1.1.1' });
    const away = await evaluate({ ipAddress: '192.0.2.1', signedIn: { amr: ['pwd'], secondsAgo: 10 } });
    const strong = await evaluate({ ipAddress: '192.0.2.1', signedIn: { amr: ['pwd', 'otp', 'mfa'], secondsAgo: 10 } });

    expect(office).toMatchObject({ decision: 'allowed', requires: { maxAgeSeconds: 600 } });
    expect(office.policies).toEqual([
      {
        policyId: id,
        policyName: 'Office',
        rules: [
          { index: 0, effect: 'require', description: 'Ten minutes', outcome: 'holds' },
          { index: 1, effect: 'allow', outcome: 'holds' },
          { index: 2, effect: 'require', outcome: 'not_read' },
        ],
      },
    ]);
    expect(away).toMatchObject({
      decision: 'more_needed',
      missing: ['two_factors'],
      requires: { factors: 'two_factors' },
    });
    expect(strong).toMatchObject({ decision: 'allowed', missing: [] });
    expect(await count()).toEqual(before);
  });

  it('of nobody, and of no application, is not found', async () => {
    const user = await aPerson(server);
    const statuses = await Promise.all(
      [
        { userId: '00000000-0000-7000-8000-000000000000', clientId: 'doorward-account' },
        { userId: user.id, clientId: 'nobody' },
      ].map(async (body) => (await admin.call('POST', '/policies/evaluations', body)).status),
    );

    expect(statuses).toEqual([404, 404]);
  });
});

describe('policies of an organization (ADR 0046)', () => {
  let world: TwoOrganizations;
  beforeAll(async () => {
    world = await twoOrganizations();
  }, 60_000);
  afterAll(() => world.close());

  it('are made by whoever acts for it, seen by nobody of another, and name nothing of the deployment', async () => {
    const { inA, everywhere, a, b } = world;
    const own = await inA.post('/policies', { name: 'Of ours', rules: [closed] });
    const foreign = await everywhere.post('/policies', { name: 'Of theirs', organizationId: b.id, rules: [closed] });
    const whole = await everywhere.post('/policies', { name: 'Of all', rules: [] });

    const seen = (await inA.get('/policies')) as { policies: Json[] };
    const refused = await Promise.all([
      inA.call('GET', `/policies/${foreign.id}`),
      inA.call('PATCH', `/policies/${whole.id}`, { enabled: false }),
      inA.call('DELETE', `/policies/${foreign.id}`),
      inA.call('POST', '/policies', { name: 'x', organizationId: b.id, rules: [] }),
      inA.call('POST', '/policies', { name: 'x', clientId: 'doorward-account', rules: [] }),
      inA.call('POST', '/policies', { name: 'x', rules: [{ ...closed, when: { roles: ['administrator'] } }] }),
    ]);

    expect(own.organizationId).toBe(a.id);
    expect(seen.policies.map(({ name }) => name)).toEqual(['Of ours']);
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 422, 403, 422]);
  });

  it('each organization has room of its own: one that is full leaves it to the others', async () => {
    const { everywhere, b, server: there } = world;
    await there.foundation.dataSource.query(
      `INSERT INTO sign_in_policies (id, name, name_key, organization_id, enabled, rules, created_at, updated_at)
       SELECT gen_random_uuid(), 'p' || n, 'p' || n, $1, false, '[]', now(), now() FROM generate_series(1, 500) n`,
      [b.id],
    );
    const create = (more: Json) => everywhere.call('POST', '/policies', { name: 'One more', rules: [], ...more });
    const full = await create({ organizationId: b.id });
    const other = await create({});
    await there.foundation.dataSource.query('DELETE FROM sign_in_policies WHERE name_key ~ $1', ['^(p\\d+|one more)$']);

    expect(full).toMatchObject({ status: 409, body: { code: 'policies.too_many' } });
    expect(other.status).toBe(201);
  });

  it('are for accounts and applications of it and below, and tighten what the deployment asks', async () => {
    const { everywhere, a, b, server: there } = world;
    const { clientId } = await aClient(there);
    const evaluate = (userId: string, more: Json = {}) =>
      everywhere.post('/policies/evaluations', { userId, clientId, ...more });
    await there.foundation.pool.query('UPDATE users SET home_organization_id = $1 WHERE id = $2', [a.below, a.person]);
    const plain = await aPerson(there);

    const decisions = await Promise.all([
      evaluate(a.person),
      evaluate(b.person),
      evaluate(plain.id),
      evaluate(plain.id, { organizationId: a.below }),
    ]);

    expect(decisions.map(({ decision }) => decision)).toEqual(['denied', 'denied', 'allowed', 'denied']);
  });
});
