import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeyRing, type KeyRing } from '../../../src/domain/keys/key-ring.ts';
import { addAuditEventRoutes } from '../../../src/endpoints/admin/audit-events.ts';
import { addKeyRoutes } from '../../../src/endpoints/admin/keys.ts';
import { generateKeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { aPeopleApi, type Body, faults, items, type PeopleApi, type Reply } from './people-api.ts';

let api: PeopleApi;
let ring: KeyRing;

beforeAll(async () => {
  api = await aPeopleApi((router, { read, transact }) => {
    addAuditEventRoutes(router, { read });
    addKeyRoutes(router, { read, transact, rotate: (tx, input) => ring.rotate(tx, input) });
  });
  ring = await createKeyRing({
    read: api.read,
    transact: api.transact,
    changes: api.changes,
    kek: { key: generateKeyEncryptionKey(), source: 'the test' },
    onError: (error) => {
      throw error;
    },
  });
});

afterAll(async () => {
  await ring.stop();
  await api.close();
});

const states = (reply: Reply, alg: string) =>
  items(reply, 'keys')
    .filter((key) => key.alg === alg)
    .map((key) => key.state)
    .sort();

describe('keys', () => {
  it('are listed by their public halves alone', async () => {
    const reply = await api.call('GET', '/keys');

    expect(reply.status).toBe(200);
    expect(states(reply, 'ES256')).toEqual(['active', 'next']);
    for (const key of items(reply, 'keys')) {
      expect(Object.keys(key.publicJwk as Body)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(d|p|q|dp|dq|qi|k|oth)$/)]),
      );
    }
    expect(reply.text).not.toContain('nvelope');
  });

  it('one algorithm or all are rotated, and each rotation is recorded', async () => {
    const one = await api.call('POST', '/keys/rotate?alg=ES256');
    const all = await api.call('POST', '/keys/rotate');

    expect([one.status, all.status]).toEqual([200, 200]);
    expect([states(one, 'ES256'), states(one, 'RS256')]).toEqual([
      ['active', 'next', 'retiring'],
      ['active', 'next'],
    ]);
    expect(states(all, 'RS256')).toEqual(['active', 'next', 'retiring']);
    expect((await api.auditOf(one)).map((event) => event.type)).toEqual(['keys.rotated']);
    expect(await api.auditOf(all)).toHaveLength(3);
  });

  it('wrong input and wrong callers are refused and rotate nothing', async () => {
    const before = (await api.call('GET', '/keys')).text;
    const wrong = await api.call('POST', '/keys/rotate?alg=none');
    const reader = await api.call('POST', '/keys/rotate', { token: api.tokenFor(['keys:read']) });
    const writer = await api.call('GET', '/keys', { token: api.tokenFor(['keys:write']) });
    const nobody = await api.call('POST', '/keys/rotate', { token: null });

    expect([wrong.status, faults(wrong)]).toEqual([422, ['alg']]);
    expect([reader.status, writer.status, nobody.status]).toEqual([403, 403, 401]);
    expect((await api.call('GET', '/keys')).text).toBe(before);
  });
});

describe('audit events', () => {
  const search = async (query: string) => items(await api.call('GET', `/audit-events?${query}`), 'auditEvents');

  it('are found by the id of the request, with who, what and the difference', async () => {
    const created = await api.call('POST', '/users', { body: { userName: 'audited' } });
    const requestId = String(created.headers.get('x-request-id'));

    const found = await search(`requestId=${requestId}`);

    expect(found).toMatchObject([
      {
        type: 'users.created',
        outcome: 'success',
        actorType: 'client',
        actorId: 'provisioning',
        targetType: 'user',
        targetId: created.body.id,
        requestId,
        details: { changed: { userName: { to: 'audited' } } },
        sequence: null,
      },
    ]);
    const one = await api.call('GET', `/audit-events/${found[0]?.id}`);
    expect(one.body).toEqual(found[0]);
  });

  it('are found by actor, target, type and time, newest first', async () => {
    const id = await api.aUser();
    api.clock.advanceSeconds(60);
    await api.call('PATCH', `/users/${id}`, { body: { title: 'later' } });
    const later = encodeURIComponent(api.clock.now().toISOString());

    const types = async (query: string) => (await search(query)).map((event) => event.type);

    expect(await types(`target=${id}`)).toEqual(['users.updated', 'users.created']);
    expect(await types(`target=${id}&type=users.created`)).toEqual(['users.created']);
    expect(await types(`target=${id}&from=${later}`)).toEqual(['users.updated']);
    expect(await types(`target=${id}&to=${later}`)).toEqual(['users.created']);
    expect(await types(`target=${id}&actor=provisioning&from=2026-03-01T13:00:00%2B01:00`)).toHaveLength(2);
    expect(await types(`target=${id}&actor=somebody`)).toEqual([]);
  });

  it('pages hold each event once', async () => {
    const id = await api.aUser();
    for (const title of ['a', 'b', 'c', 'd']) await api.call('PATCH', `/users/${id}`, { body: { title } });
    const seen: unknown[] = [];
    let path: string | undefined = `/audit-events?target=${id}&limit=2&from=2026-03-01T00:00:00Z`;
    while (path !== undefined) {
      const page: Reply = await api.call('GET', path);
      seen.push(...items(page, 'auditEvents').map((event) => event.id));
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }

    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('wrong parameters, ids that are none and wrong callers are refused; nothing can be written', async () => {
    for (const [query, name] of [
      ['from=yesterday', 'from'],
      ['actorId=x', 'actorId'],
      ['cursor=x', 'cursor'],
    ]) {
      const reply = await api.call('GET', `/audit-events?${query}`);
      expect([query, reply.status, faults(reply)]).toEqual([query, 422, [name]]);
    }
    for (const id of ['nobody', '00000000-0000-7000-8000-000000000000']) {
      expect((await api.call('GET', `/audit-events/${id}`)).status).toBe(404);
    }
    const token = api.tokenFor(['users:read', 'keys:read']);
    expect((await api.call('GET', '/audit-events', { token })).status).toBe(403);
    expect((await api.call('GET', '/audit-events', { token: null })).status).toBe(401);
    expect((await api.call('POST', '/audit-events', { body: {} })).status).toBe(405);
  });
});
