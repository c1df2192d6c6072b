import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addGrantRoutes } from '../../../src/endpoints/admin/grants.ts';
import { addSessionRoutes } from '../../../src/endpoints/admin/sessions.ts';
import { sha256 } from '../../../src/kernel/crypto/derive.ts';
import { aPeopleApi, faults, items, type PeopleApi } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi((router, parts) => {
    addSessionRoutes(router, { ...parts, clock: { now: () => api.clock.now() } });
    addGrantRoutes(router, parts);
  });
});

afterAll(() => api.close());

type Kept = { model: string; userId: string; clientId?: string; grant?: Buffer; uid?: string; payload?: object };

/** A row as the provider keeps it; gives the raw id, which is the secret that must never be shown. */
async function kept({ model, userId, clientId, grant, uid, payload = {} }: Kept): Promise<string> {
  const raw = randomBytes(32).toString('base64url');
  const expiresAt = new Date(api.clock.now().getTime() + 3_600_000);
  await api.dataSource.query(
    `INSERT INTO provider_records (id, model, payload, account_id, client_id, grant_id, uid, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      sha256(raw),
      model,
      JSON.stringify({ kind: model, accountId: userId, ...payload }),
      userId,
      clientId ?? null,
      grant ?? null,
      uid ?? null,
      expiresAt,
      api.clock.now(),
    ],
  );
  return raw;
}

const aSession = (userId: string) => {
  const loginTs = Math.floor(api.clock.now().getTime() / 1000) - 60;
  const authorizations = { web: { sid: 's1' }, spa: { sid: 's2' } };
  return kept({ model: 'Session', userId, uid: randomBytes(8).toString('hex'), payload: { loginTs, authorizations } });
};
const shown = (raw: string) => sha256(raw).toString('base64url');

describe('sessions', () => {
  it("list a person's sign-ins without the cookie, and end one of them with an audit event", async () => {
    const [id, other] = [await api.aUser(), await api.aUser()];
    const raws = [await aSession(id), await aSession(id)];
    await aSession(other);

    const list = await api.call('GET', `/sessions?userId=${id}`);
    const ended = await api.call('DELETE', `/sessions/${shown(raws[0] ?? '')}`);
    const replay = await api.call('DELETE', `/sessions/${shown(raws[0] ?? '')}`);

    expect(items(list, 'sessions').map((session) => session.id)).toEqual(raws.map(shown).sort(byBytes));
    expect(items(list, 'sessions')[0]).toMatchObject({
      userId: id,
      signedInAt: '2026-03-01T11:59:00.000Z',
      clientIds: ['spa', 'web'],
    });
    for (const raw of raws) expect(list.text).not.toContain(raw);
    expect([ended.status, replay.status]).toEqual([204, 404]);
    expect(await api.auditOf(ended)).toMatchObject([
      { type: 'sessions.ended', targetId: shown(raws[0] ?? ''), details: { userId: id } },
    ]);
    const left = items(await api.call('GET', `/sessions?userId=${id}`), 'sessions');
    expect(left.map((session) => session.id)).toEqual([shown(raws[1] ?? '')]);
  });

  it('pages hold each session once', async () => {
    const id = await api.aUser();
    const raws = await Promise.all(Array.from({ length: 5 }, () => aSession(id)));
    const seen: unknown[] = [];
    let path: string | undefined = `/sessions?userId=${id}&limit=2`;
    while (path !== undefined) {
      const page = await api.call('GET', path);
      seen.push(...items(page, 'sessions').map((session) => session.id));
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }

    expect(seen).toEqual(raws.map(shown).sort(byBytes));
  });

  it('the raw id opens nothing here either', async () => {
    const raw = await aSession(await api.aUser());

    expect((await api.call('DELETE', `/sessions/${raw}`)).status).toBe(404);
  });
});

describe('grants', () => {
  it('are found by person and client, and end with every token that came from them', async () => {
    const [id, other] = [await api.aUser(), await api.aUser()];
    const payload = { openid: { scope: 'openid email' }, resources: { 'https://api.example.com': 'orders:read' } };
    const raw = await kept({ model: 'Grant', userId: id, clientId: 'web', payload });
    await kept({ model: 'Grant', userId: id, clientId: 'spa', payload });
    await kept({ model: 'Grant', userId: other, clientId: 'web', payload });
    const grant = sha256(raw);
    for (const model of ['RefreshToken', 'AccessToken', 'AuthorizationCode'])
      await kept({ model, userId: id, clientId: 'web', grant });

    const list = await api.call('GET', `/grants?userId=${id}&clientId=web`);
    const revoked = await api.call('DELETE', `/grants/${shown(raw)}`);

    expect(items(list, 'grants')).toEqual([
      {
        id: shown(raw),
        userId: id,
        clientId: 'web',
        scopes: ['openid', 'email'],
        resourceScopes: { 'https://api.example.com': ['orders:read'] },
        createdAt: expect.any(String),
      },
    ]);
    expect(list.text).not.toContain(raw);
    expect(revoked.status).toBe(204);
    expect((await api.call('DELETE', `/grants/${shown(raw)}`)).status).toBe(404);
    expect(await api.read.query('SELECT 1 FROM provider_records WHERE grant_id = $1', [grant])).toEqual([]);
    expect(await api.auditOf(revoked)).toMatchObject([{ type: 'grants.revoked', targetId: shown(raw) }]);
    const found = async (query: string) => items(await api.call('GET', `/grants?${query}`), 'grants').length;
    expect([await found(`userId=${id}`), await found('clientId=web'), await found('clientId=none')]).toEqual([1, 1, 0]);
  });
});

describe('who may', () => {
  it('each call needs its own permission, wrong parameters are refused by name, unknown ids are a 404', async () => {
    for (const [noun, ids] of [
      ['sessions', ['nobody', 'A'.repeat(43), '%00', '..%2f..']],
      ['grants', ['nobody', 'A'.repeat(43)]],
    ] as const) {
      const others = ['users:read', 'users:write', 'sessions:read', 'sessions:write', 'grants:read', 'grants:write'];
      const without = (permission: string) => api.tokenFor(others.filter((other) => other !== permission));
      const list = await api.call('GET', `/${noun}`, { token: without(`${noun}:read`) });
      const end = await api.call('DELETE', `/${noun}/x`, { token: without(`${noun}:write`) });
      const nobody = await api.call('GET', `/${noun}`, { token: null });
      const wrong = await api.call('GET', `/${noun}?user=x`);

      expect([list.status, end.status, nobody.status]).toEqual([403, 403, 401]);
      expect([wrong.status, faults(wrong)]).toEqual([422, ['user']]);
      expect((await api.call('GET', `/${noun}?cursor=AAAA`)).status).toBe(422);
      expect(items(await api.call('GET', `/${noun}?userId=nobody`), noun)).toEqual([]);
      for (const id of ids) expect([404, 400]).toContain((await api.call('DELETE', `/${noun}/${id}`)).status);
    }
  });
});

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a, 'base64url'), Buffer.from(b, 'base64url'));
