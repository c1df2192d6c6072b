import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { runHere } from '../cli/a-terminal.ts';
import { uniqueName } from '../scim/scim-api.ts';
import { aProvisioning, type Provisioning } from './a-provisioning.ts';
import { answering, aScimTarget, type ScimTarget, say } from './a-scim-target.ts';

jest.setTimeout(90_000);

let world: Provisioning;
let there: ScimTarget;

beforeAll(async () => {
  world = await aProvisioning();
  there = await aScimTarget();
});

afterAll(async () => {
  there.close();
  await world.close();
  expect(world.server.errors).toEqual([]);
});

const authentication = { type: 'bearer', token: 'a-token' };
const aTarget = (more: Json = {}) => {
  there.accounts.clear();
  there.manner = undefined;
  return world.aTarget({ baseUrl: there.url, authentication, ...more });
};

async function reconciled(targetId: string, body: Json = {}): Promise<Json> {
  const path = `/provisioning-targets/${targetId}/reconciliations`;
  const { id } = await world.admin.post(path, body);
  return eventually(
    () => world.admin.get(`${path}/${id}`),
    ({ state }) => state !== 'running',
    30_000,
  );
}

async function findingsOf({ id, targetId }: Json): Promise<Json[]> {
  const { findings } = await world.admin.get(
    `/provisioning-targets/${targetId}/reconciliations/${id}/findings?limit=200`,
  );
  return findings as Json[];
}

/** Somebody of each kind, and what is there behind Doorward's back. */
async function aMuddle() {
  const { id, groupId } = await aTarget();
  const names = ['matched', 'missing', 'drift', 'unlinked', 'unentitled'] as const;
  const people = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await world.aPerson({ displayName: name })).id] as const)),
  ) as Record<(typeof names)[number], string>;
  for (const name of names) await world.join(groupId, people[name]);
  await world.drained(id);
  const accountOf = (userId: string) => there.of(userId)[0] as Json;
  await world.leave(groupId, people.unentitled);
  await world.drained(id);
  accountOf(people.unentitled).active = true;
  accountOf(people.drift).displayName = 'changed there';
  there.accounts.delete(String(accountOf(people.missing).id));
  const unlinked = accountOf(people.unlinked);
  delete unlinked.externalId;
  // As when somebody had made it there by hand.
  await world.server.foundation.pool.query('DELETE FROM provisioned_accounts WHERE user_id = $1', [people.unlinked]);
  const orphan = there.add({ userName: 'nobody-here', externalId: 'HR-7' });
  return { id, people, orphan, linkedThere: unlinked.id };
}

describe('issue 4 item 5: reconciliation compares all accounts of a target with who is to have one', () => {
  it('a dry run reports orphans, missing, drift per attribute, unlinked and unentitled ones, and changes nothing', async () => {
    const { id, people, orphan } = await aMuddle();
    const before = structuredClone([...there.accounts.values()]);
    there.requests.length = 0;

    const report = await reconciled(id, { dryRun: true });

    const findings = await findingsOf(report);
    expect(report).toMatchObject({
      state: 'completed',
      dryRun: true,
      accountsRead: 5,
      counts: { matched: 1, orphan: 1, missing: 1, drift: 1, unlinked: 1, unentitled: 1 },
    });
    expect(findings).toHaveLength(5);
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'orphan', userId: null, remoteId: orphan, remoteUserName: 'nobody-here' }),
        expect.objectContaining({ kind: 'missing', userId: people.missing, remoteId: null }),
        expect.objectContaining({ kind: 'drift', userId: people.drift, attributes: ['displayName'] }),
        expect.objectContaining({ kind: 'unlinked', userId: people.unlinked }),
        expect.objectContaining({ kind: 'unentitled', userId: people.unentitled }),
      ]),
    );
    expect([...there.accounts.values()]).toEqual(before);
    expect(there.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  it('otherwise what differs is corrected, orphans are left alone, and a second one finds them only', async () => {
    const { id, people, orphan, linkedThere } = await aMuddle();

    const report = await reconciled(id);
    await world.drained(id);
    const again = await reconciled(id);

    expect(report).toMatchObject({ state: 'completed', dryRun: false, counts: { orphan: 1, drift: 1 } });
    for (const name of ['matched', 'missing', 'drift', 'unlinked'] as const)
      expect(there.of(people[name])).toMatchObject([{ active: true, displayName: name }]);
    expect(there.of(people.unlinked)).toMatchObject([{ id: linkedThere }]);
    expect(there.of(people.unentitled)).toMatchObject([{ active: false }]);
    expect(there.accounts.get(orphan)).toEqual({ id: orphan, userName: 'nobody-here', externalId: 'HR-7' });
    expect(again.counts).toEqual({ matched: 5, orphan: 1 });
    const { auditEvents } = await world.admin.get(
      `/audit-events?target=${id}&type=provisioning-reconciliations.completed`,
    );
    expect(auditEvents).toHaveLength(2);
  });

  it('reads page after page of whatever size the target likes, and says how far it is', async () => {
    const { id } = await aTarget();
    for (let count = 0; count < 70; count += 1) there.add({ userName: uniqueName('many') });
    there.manner = (req, res) => {
      const { searchParams } = new URL(req.url ?? '', 'http://target');
      const from = Number(searchParams.get('startIndex'));
      const Resources = [...there.accounts.values()].slice(from - 1, from + 24);
      say(res, 200, { totalResults: there.accounts.size, startIndex: from, Resources });
      return true;
    };

    const report = await reconciled(id, { dryRun: true });

    expect(report).toMatchObject({ accountsRead: 70, accountsTotal: 70, counts: { orphan: 70 } });
  });

  it.each([
    ['shows the same page for ever', { totalResults: 1_000, Resources: [{ id: 'one' }] }, /same accounts again/],
    ['says it has more than it shows', { totalResults: 10, Resources: [] }, /shows 0/],
    ['says it has more than there can be', { totalResults: 2_000_000_000, Resources: [{ id: 'one' }] }, /2000000000/],
  ])('a target that %s ends it as failed, and nothing is corrected', async (_, page, reason) => {
    const { id, groupId } = await aTarget();
    const person = await world.aPerson();
    await world.join(groupId, person.id);
    await world.drained(id);
    there.accounts.clear();
    there.manner = answering(200, page);
    there.requests.length = 0;

    const report = await reconciled(id);

    expect(report).toMatchObject({ state: 'failed', error: expect.stringMatching(reason) });
    expect(there.requests.every((request) => request.startsWith('GET '))).toBe(true);
  });

  it('one at a time, none while the target is paused, none of a target that is not there', async () => {
    const { id } = await aTarget();
    there.manner = () => true;
    const path = `/provisioning-targets/${id}/reconciliations`;
    const first = await world.admin.post(path, {});

    const second = await world.admin.call('POST', path, {});
    await world.admin.patch(`/provisioning-targets/${id}`, { state: 'paused' });
    const paused = await world.admin.call('POST', path, {});
    const nowhere = await world.admin.call('POST', '/provisioning-targets/none/reconciliations', {});
    const other = await aTarget();
    const foreign = await world.admin.call('GET', `/provisioning-targets/${other.id}/reconciliations/${first.id}`);
    const wrong = await world.admin.call('POST', path, { dryRun: 'yes', orphans: 'delete' });

    expect(second).toMatchObject({ status: 409, body: { code: 'provisioning_reconciliations.running' } });
    expect(paused).toMatchObject({ status: 409, body: { code: 'provisioning_targets.paused' } });
    expect([nowhere.status, foreign.status, wrong.status]).toEqual([404, 404, 422]);
  });

  it('doorward provisioning reconcile starts one, waits for the server and tells what was found', async () => {
    const { id } = await aTarget();
    const orphan = there.add({ userName: 'nobody-here\u001b[2J' });
    const env = {
      DOORWARD_DATABASE_URL: world.server.configuration.databaseUrl ?? '',
      DOORWARD_ISSUER: world.server.issuer,
    };

    const dry = await runHere(['provisioning', 'reconcile', id, '--dry-run'], { env, cwd: '/tmp', input: '' });
    const json = await runHere(['provisioning', 'reconcile', id, '--json'], { env, cwd: '/tmp', input: '' });
    const none = await runHere(['provisioning', 'reconcile', 'nowhere'], { env, cwd: '/tmp', input: '' });
    const list = await runHere(['provisioning', 'list', '--json'], { env, cwd: '/tmp', input: '' });

    expect(dry).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 accounts read, 0 as they are to be, 1 orphan'),
    });
    expect(dry.out).toContain(orphan);
    expect(dry.out).not.toContain('\u001b');
    expect(JSON.parse(json.out)).toMatchObject({
      state: 'completed',
      findings: [{ kind: 'orphan', remoteId: orphan }],
    });
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('There is no such target') });
    expect(list.out).toContain(id);
    expect(list.out).not.toMatch(/secret|envelope/i);
  });
});
