import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '../../support/admin-api.ts';
import { freshDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { uniqueName } from '../scim/scim-api.ts';
import { aProvisioning, type Provisioning } from './a-provisioning.ts';
import { answering, aScimTarget, type Manner, type ScimTarget } from './a-scim-target.ts';

jest.setTimeout(120_000);

const authentication = { type: 'bearer', token: 'a-token' };

let world: Provisioning;
let trap: ScimTarget;

beforeAll(async () => {
  [world, trap] = await Promise.all([aProvisioning(), aScimTarget()]);
});

afterAll(async () => {
  trap.close();
  await world.close();
  expect(world.server.errors).toEqual([]);
});

/** Bytes for ever, after a header that promises JSON. */
const endless: Manner = (_req, res) => {
  res.writeHead(200, { 'content-type': 'application/scim+json' });
  const timer = setInterval(() => res.write('['.repeat(65_536)), 1);
  res.on('close', () => clearInterval(timer));
  return true;
};

const manners: Readonly<Record<string, { manner: Manner; error: RegExp }>> = {
  'never answers': { manner: () => true, error: /./ },
  'answers 500': { manner: answering(500, { detail: 'out of order\u0000' }), error: /answered GET with 500/ },
  'answers 429': { manner: answering(429), error: /answered GET with 429/ },
  'refuses the token': { manner: answering(401), error: /answered GET with 401/ },
  'is not HTTP': { manner: (_req, res) => res.socket?.end('SSH-2.0-OpenSSH_9.9\r\n') !== undefined, error: /./ },
  'answers HTML': { manner: (_req, res) => res.writeHead(200).end('<html>') !== undefined, error: /what RFC 7644 has/ },
  'answers ids that cannot be': {
    manner: answering(200, { totalResults: 1, Resources: [{ id: 'nul\u0000' }] }),
    error: /what RFC 7644 has/,
  },
  'redirects elsewhere': {
    manner: (_req, res) => res.writeHead(302, { location: `${trap.url}/Users` }).end() !== undefined,
    error: /answered GET with 302/,
  },
  'answers without an end': { manner: endless, error: /./ },
};

describe('issue 4: a target that does not behave loses nothing, doubles nothing and delays nobody', () => {
  it('each keeps its message with what went wrong, a well-behaved one is served meanwhile, and all are served in the end', async () => {
    const person = await world.aPerson();
    const well = await aScimTarget();
    const { groupId } = await world.aTarget({ baseUrl: well.url, authentication });
    const targets = await Promise.all(
      Object.entries(manners).map(async ([name, { manner, error }]) => {
        const there = await aScimTarget();
        there.manner = manner;
        return { name, there, error, ...(await world.aTarget({ baseUrl: there.url, authentication, groupId })) };
      }),
    );
    const deliveryTo = async (id: string) =>
      ((await world.admin.get(`/deliveries?target=scim:${id}`)).deliveries as Json[])[0] ?? {};

    await world.join(groupId, person.id);
    const served = await eventually(
      () => well.of(person.id),
      (accounts) => accounts.length > 0,
      5_000,
    );
    const tried = await Promise.all(
      targets.map(async ({ id, name, error }) => {
        const delivery = await eventually(
          () => deliveryTo(id),
          ({ lastError }) => lastError !== null && lastError !== undefined,
          30_000,
        );
        return { name, state: delivery.state, isSaid: error.test(String(delivery.lastError)) };
      }),
    );
    for (const { there, id } of targets) {
      there.manner = undefined;
      const { id: delivery } = await deliveryTo(id);
      await world.admin.call('POST', `/deliveries/${delivery}/retry`);
    }
    for (const { id } of targets) await world.drained(id);

    expect(served).toMatchObject([{ externalId: person.id, active: true }]);
    expect(tried).toEqual(targets.map(({ name }) => ({ name, state: 'pending', isSaid: true })));
    expect(targets.map(({ name, there }) => [name, there.of(person.id).length])).toEqual(
      targets.map(({ name }) => [name, 1]),
    );
    expect(trap.requests).toEqual([]);
    for (const { there } of [...targets, { there: well }]) there.close();
  });

  it('a creation whose answer is lost is not made again', async () => {
    const there = await aScimTarget();
    const { id, groupId } = await world.aTarget({ baseUrl: there.url, authentication });
    const person = await world.aPerson();
    there.manner = (req, res, body) => {
      if (req.method !== 'POST') return undefined;
      there.add(body);
      return res.socket?.destroy() !== undefined;
    };

    await world.join(groupId, person.id);
    await eventually(
      () => there.of(person.id),
      (accounts) => accounts.length > 0,
    );
    there.manner = undefined;
    await world.drained(id);

    expect(there.of(person.id)).toHaveLength(1);
    there.close();
  });
});

describe('issue 4: kill -9 between commit and delivery', () => {
  it('nothing is lost, nothing is made twice, and nothing is there that was not committed', async () => {
    const [database, there] = await Promise.all([freshDatabase(), aScimTarget()]);
    const env = {
      DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      DOORWARD_OUTBOUND_ALLOW: '127.0.0.1',
    };
    const first = await startServer({ database, env });
    const admin = await first.admin();
    // Some are made and never answered, the others never read.
    let made = 0;
    there.manner = (req, res, body) => {
      if (req.method !== 'POST') return undefined;
      made += 1;
      if (made <= 3) there.add(body);
      return res.writable;
    };
    const { id: groupId } = await admin.post('/groups', { displayName: uniqueName('app users') });
    await admin.post('/provisioning-targets', { name: 'app', baseUrl: there.url, authentication, groupId });
    const people = await Promise.all(
      Array.from({ length: 20 }, async () => String((await admin.post('/users', { userName: uniqueName('p') })).id)),
    );

    await admin.post(`/groups/${groupId}/members`, { members: people.map((value) => ({ value })) });
    await eventually(
      () => made,
      (count) => count >= 5,
    );
    await first.kill();
    there.manner = undefined;
    // What the dead process had in hand is free again after two minutes: the clock is moved, not waited for.
    await queryOn(
      database.url,
      'UPDATE outbox_messages SET available_at = now(), claimed_until = NULL WHERE delivered_at IS NULL',
    );
    await queryOn(database.url, 'UPDATE provisioned_accounts SET leased_until = NULL');
    const second = await startServer({ database, env });
    await eventually(
      () => queryOn(database.url, 'SELECT FROM outbox_messages WHERE delivered_at IS NULL'),
      (open) => open.length === 0,
      30_000,
    );
    await second.stop();
    await database.drop();

    expect(people.map((person) => there.of(person).length)).toEqual(people.map(() => 1));
    expect(there.accounts.size).toBe(people.length);
    there.close();
  });
});
