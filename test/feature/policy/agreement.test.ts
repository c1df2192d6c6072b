import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createUserAttribute } from '../../../src/domain/user-attributes/change-user-attribute.ts';
import { userAttributeInput } from '../../../src/domain/user-attributes/user-attribute-input.ts';
import { CUSTOM } from '../../../src/domain/users/custom-input.ts';
import { findUser } from '../../../src/domain/users/find-user.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPolicy } from './a-policy.ts';

let server: RunningServer;
let admin: AdminApi;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
  const badge = userAttributeInput.parse({
    name: 'badge',
    schema: { type: 'integer', minimum: 100 },
    writableBy: ['self', 'admin'],
  });
  const secret = userAttributeInput.parse({ name: 'grade', schema: { type: 'string' } });
  await server.foundation.transact({ type: 'operator', id: 'test' }, async (tx) => {
    await createUserAttribute(tx, badge);
    await createUserAttribute(tx, secret);
  });
});
beforeEach(async () => {
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const terms = (version: string, document = 'house-rules') => ({
  document,
  version,
  title: 'House rules',
  url: 'https://example.com/rules',
});
const asking = (requirements: object) =>
  aPolicy(server, { clientId: app.clientId, rules: [{ effect: 'require', requirements } as never] });

async function signIn(userName: string, visitor = new WebVisitor(server)) {
  return { visitor, page: await visitor.signIn(await visitor.get(authorizeUrl(server, app)), userName, password) };
}

const accepted = (userId: string) =>
  server.foundation.read.query<{ details: object; client_id: string }>(
    `SELECT details, client_id FROM audit_events WHERE type = 'terms.accepted' AND target_id = $1 ORDER BY occurred_at`,
    [userId],
  );

describe('terms that a policy asks for', () => {
  it('are accepted once for each version, with proof in the audit log; nothing goes on before', async () => {
    const user = await aPerson(server);
    const { id, version } = await asking({ terms: [terms('2026-11')] });
    const { visitor, page } = await signIn(user.userName);

    const refused = await visitor.submit(page, 'terms.0', {});
    const end = await visitor.submit(refused, 'terms.0', { 'terms.0': 'accepted' });
    const again = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));
    await admin.patch(`/policies/${id}`, {
      rules: [{ effect: 'require', requirements: { terms: [terms('2027-01')] } }],
    });
    const silent = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));
    const next = await visitor.get(authorizeUrl(server, app));

    expect(version).toBe(1);
    expect(titleOf(page)).toContain('Before you go on');
    expect(page.html).toContain('https://example.com/rules');
    expect(refused.status).toBe(422);
    expect(callback(end.url).code).toBeDefined();
    expect(callback(again.url).code).toBeDefined();
    expect(callback(silent.url)).toMatchObject({ error: 'interaction_required' });
    expect(titleOf(next)).toContain('Before you go on');
    expect(await accepted(user.id)).toEqual([
      {
        details: {
          document: 'house-rules',
          version: '2026-11',
          title: 'House rules',
          url: 'https://example.com/rules',
        },
        client_id: app.clientId,
      },
    ]);
  });

  it('SECURITY-LESSONS 24: no other step, and no form from elsewhere, leads past them', async () => {
    const user = await aPerson(server);
    await asking({ terms: [terms('2026-11'), terms('1', 'privacy')] });
    const { visitor, page } = await signIn(user.userName);
    const [, uid] = /\/interaction\/([\w-]+)/.exec(page.url) ?? [];
    const at = `${server.issuer}/interaction/${uid}`;

    for (const step of ['login', 'code', 'consent', 'create', 'agreement'])
      expect(
        titleOf(
          await visitor.post(`${at}/${step}`, {
            username: user.userName,
            password,
            'terms.0': 'accepted',
            'terms.1': 'accepted',
            decision: 'approve',
          }),
        ),
      ).toContain('Before you go on');
    const one = await visitor.submit(page, 'terms.0', { 'terms.0': 'accepted' });

    expect(one.status).toBe(422);
    expect(await accepted(user.id)).toEqual([]);
    const end = await visitor.submit(one, 'cancel', { cancel: 'yes' });
    expect(callback(end.url)).toMatchObject({ error: 'access_denied' });
  });

  it('of the document "terms" are those that an account was made under', async () => {
    const user = await aPerson(server);
    await server.foundation.pool.query(
      `INSERT INTO terms_acceptances (user_id, version, accepted_at) VALUES ($1, '2026-11', now())`,
      [user.id],
    );
    await asking({ terms: [terms('2026-11', 'terms')] });

    expect(callback((await signIn(user.userName)).page.url).code).toBeDefined();
  });
});

describe('attributes that a policy asks for', () => {
  it('are asked of who has none, kept, and not asked again', async () => {
    const user = await aPerson(server);
    await asking({ attributes: ['givenName', 'nickName', 'custom.badge'] });
    const { visitor, page } = await signIn(user.userName);

    const empty = await visitor.submit(page, 'nickName', { givenName: 'Ada', nickName: ' ', 'custom.badge': '7' });
    const wrong = await visitor.submit(empty, 'nickName', { givenName: 'Ada', nickName: 'Al', 'custom.badge': '7' });
    const end = await visitor.submit(wrong, 'nickName', { givenName: 'Ada', nickName: 'Al', 'custom.badge': '700' });
    const again = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));

    expect([empty.status, wrong.status]).toEqual([422, 422]);
    expect(wrong.html).toContain('value="Ada"');
    expect(callback(end.url).code).toBeDefined();
    expect(callback(again.url).code).toBeDefined();
    const kept = await findUser(server.foundation.read, user.id);
    expect(kept).toMatchObject({ name: { givenName: 'Ada' }, nickName: 'Al', [CUSTOM]: { badge: 700 } });
  });

  it('SECURITY-LESSONS 17: nothing but what is asked for can be said there', async () => {
    const user = await aPerson(server);
    await asking({ attributes: ['nickName'] });
    const { visitor, page } = await signIn(user.userName);

    const more = { title: 'Chief', 'custom.grade': 'A', givenName: 'Eve', userName: 'root', displayName: 'Root' };
    const end = await visitor.submit(page, 'nickName', { nickName: 'Al', ...more });

    expect(callback(end.url).code).toBeDefined();
    const kept = await findUser(server.foundation.read, user.id);
    expect([kept?.nickName, kept?.title, kept?.name?.givenName, kept?.displayName, kept?.[CUSTOM]]).toEqual([
      'Al',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(['custom.grade', 'custom.nothing', 'userName', 'emails'])('%s is refused in a policy', async (name) => {
    const rules = [{ effect: 'require', requirements: { attributes: [name] } }];

    const reply = await admin.call('POST', '/policies', { name: 'wrong', rules });

    expect(reply.status).toBe(422);
    expect(JSON.stringify(reply.body.errors)).toContain('/rules/0/requirements/attributes/0');
  });

  it('stand on one page with terms, and keep people out of the account pages till then', async () => {
    const user = await aPerson(server);
    const { id } = await aPolicy(server, {
      rules: [
        {
          effect: 'require',
          when: { clients: ['doorward-account'] },
          requirements: { attributes: ['nickName'], terms: [terms('2026-11')] },
        },
      ],
    });
    const { visitor } = await signIn(user.userName);

    const page = await visitor.get('/account');
    const end = await visitor.submit(page, 'nickName', { nickName: 'Al', 'terms.0': 'accepted' });
    await admin.delete(`/policies/${id}`);

    expect(titleOf(page)).toContain('Before you go on');
    expect(titleOf(end)).toContain('My account');
  });
});
