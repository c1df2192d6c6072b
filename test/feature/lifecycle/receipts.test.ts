import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createLocalJWKSet, flattenedVerify, type JSONWebKeySet } from 'jose';
import { type CanonicalValue, canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { UserAgent } from '../../support/user-agent.ts';
import { aPerson } from '../system/relying-party.ts';
import {
  aCounterpart,
  accepting,
  anApp,
  type Counterpart,
  endless,
  enter,
  type Manner,
  nonsense,
  post,
  redirecting,
  refusing,
  refusingOnce,
  silent,
} from './counterparts.ts';

jest.setTimeout(60_000);

let server: RunningServer;
let admin: AdminApi;
let at: { issuer: string; url: string };
const counterparts: Counterpart[] = [];

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' } });
  at = { issuer: server.issuer, url: server.origin };
  admin = await adminApi({
    url: server.issuer,
    client: await addAdminClient(server.configuration.databaseUrl ?? ''),
  });
});

afterAll(async () => {
  for (const counterpart of counterparts) counterpart.close();
  await server.stop();
});

async function aCounterpartThat(manner: Manner): Promise<Counterpart> {
  const counterpart = await aCounterpart(manner);
  counterparts.push(counterpart);
  return counterpart;
}

type Target = { kind: string; id: string | null; name: string | null; state: string } & Json;
type Receipt = Json & { id: string; status: string; targets: Target[]; signature: { kid: string; jws: string } };

async function receiptOf(userId: string, isWanted: (receipt: Receipt) => boolean = () => true): Promise<Receipt> {
  const receipt = await eventually(
    async () => {
      const list = await admin.get(`/users/${userId}/deprovisioning-receipts`);
      return (list.deprovisioningReceipts as Receipt[])[0];
    },
    (found) => found !== undefined && isWanted(found),
  );
  if (!receipt) throw new Error('there is no receipt');
  return receipt;
}

const target = (receipt: Receipt, name: string): Target | undefined => receipt.targets.find((one) => one.name === name);
const isComplete = ({ status }: Receipt): boolean => status === 'complete';

describe('issue 4 item 6: a leaver is out, and the receipt accounts for everyone', () => {
  it('counts what ended here, tells every application once a session, and says why one is not told', async () => {
    const [wiki, shop] = [await aCounterpartThat(accepting), await aCounterpartThat(accepting)];
    const wikiApp = await anApp(admin, 'Wiki', { backchannel_logout_uri: wiki.url });
    const shopApp = await anApp(admin, 'Shop', { backchannel_logout_uri: shop.url });
    const oldApp = await anApp(admin, 'Old app');
    const person = await aPerson(admin);
    const agent = new UserAgent({ via: { [at.issuer]: at.url } });
    const tokens = await enter(at, wikiApp, person, { agent });
    await enter(at, shopApp, person, { agent });
    await enter(at, oldApp, person, { agent });
    await enter(at, wikiApp, person);
    await admin.post(`/users/${person.id}/set-password-link`, {});

    await admin.patch(`/users/${person.id}`, { active: false });
    const receipt = await receiptOf(person.id, isComplete);
    const refreshed = await post(`${at.url}/token`, wikiApp, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });

    expect(refreshed.status).toBe(400);
    expect(receipt).toMatchObject({ userId: person.id, cause: 'deactivated', status: 'complete', issuer: at.issuer });
    expect(receipt.targets[0]).toMatchObject({
      kind: 'local',
      state: 'done',
      ended: { sessions: 2, grants: 4, refreshTokens: 4, oneTimeLinks: 1 },
    });
    expect(receipt.targets.filter(({ name }) => name === 'Wiki')).toHaveLength(2);
    expect(target(receipt, 'Shop')).toMatchObject({
      kind: 'relying_party',
      id: shopApp.clientId,
      sent: 'logout_token',
      state: 'done',
      attempts: 1,
      answer: { status: 200 },
      error: null,
    });
    expect(target(receipt, 'Old app')).toMatchObject({
      state: 'not_notified',
      note: 'no back-channel logout URI; its tokens have ended',
    });
    expect(wiki.claims().map(({ sub }) => sub)).toEqual([person.id, person.id]);
    expect(shop.claims()[0]).toMatchObject({ sub: person.id, sid: target(receipt, 'Shop')?.sid });
    // Idempotent by the id of the message.
    expect(shop.claims()[0]?.jti).toBe(target(receipt, 'Shop')?.messageId);
    expect(server.errors).toEqual([]);
  });

  it('one that is down, silent, failing, endless, redirecting or talks nonsense delays no other by more than a second, and stays open', async () => {
    const good = await aCounterpartThat(accepting);
    const bad = {
      Silent: await aCounterpartThat(silent),
      Failing: await aCounterpartThat(refusing),
      Redirecting: await aCounterpartThat(redirecting),
      Nonsense: await aCounterpartThat(nonsense),
    };
    const down = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => down.once('listening', resolve));
    const { port } = down.address() as { port: number };
    down.close();
    const person = await aPerson(admin);
    const agent = new UserAgent({ via: { [at.issuer]: at.url } });
    for (const [name, { url }] of Object.entries(bad))
      await enter(at, await anApp(admin, name, { backchannel_logout_uri: url }), person, { agent });
    await enter(at, await anApp(admin, 'Down', { backchannel_logout_uri: `http://127.0.0.1:${port}/` }), person, {
      agent,
    });
    const endlessOne = await aCounterpartThat(endless);
    await enter(at, await anApp(admin, 'Endless', { backchannel_logout_uri: endlessOne.url }), person, { agent });
    await enter(at, await anApp(admin, 'Good', { backchannel_logout_uri: good.url }), person, { agent });

    await admin.patch(`/users/${person.id}`, { active: false });
    await eventually(() => good.received.length, Boolean);
    const receipt = await receiptOf(person.id, ({ targets }) => targets.every(({ attempts }) => attempts !== 0));

    expect(receipt.status).toBe('open');
    expect(target(receipt, 'Good')?.state).toBe('done');
    // It has said 200; what follows is not waited for.
    expect(target(receipt, 'Endless')?.state).toBe('done');
    for (const name of [...Object.keys(bad), 'Down'])
      expect(target(receipt, name)).toMatchObject({
        name,
        state: 'pending',
        settledAt: null,
        error: expect.any(String),
      });
    expect(target(receipt, 'Failing')?.answer).toEqual({ status: 500, excerpt: 'out of order today' });
    const waiting = (await admin.get(`/deliveries?state=pending&target=client:${target(receipt, 'Down')?.id}`))
      .deliveries as Json[];
    expect(waiting).toEqual([
      expect.objectContaining({ type: 'backchannel_logout.due', attempts: expect.any(Number), deliveredAt: null }),
    ]);
    expect(waiting[0]).not.toHaveProperty('payload');
  });

  it('an application that refuses once is told again with the same jti, and the receipt closes', async () => {
    const shaky = await aCounterpartThat(refusingOnce);
    const person = await aPerson(admin);
    await enter(at, await anApp(admin, 'Shaky', { backchannel_logout_uri: shaky.url }), person);

    await admin.patch(`/users/${person.id}`, { active: false });
    const open = await receiptOf(person.id, ({ targets }) => targets.some(({ attempts }) => attempts === 1));
    const closed = await receiptOf(person.id, isComplete);

    expect(open.status).toBe('open');
    expect(target(closed, 'Shaky')).toMatchObject({ attempts: 2, answer: { status: 200 }, error: null });
    expect(new Set(shaky.claims().map(({ jti }) => jti)).size).toBe(1);
  });

  it('one given up is open in the receipt, in the audit log, and can be tried again by hand', async () => {
    const late = await aCounterpartThat(refusing);
    const person = await aPerson(admin);
    const app = await anApp(admin, 'Late', { backchannel_logout_uri: late.url });
    await enter(at, app, person);
    await admin.patch(`/users/${person.id}`, { active: false });
    const messageId = String(target(await receiptOf(person.id), 'Late')?.messageId);

    await server.foundation.read.query(
      `UPDATE outbox_messages SET created_at = created_at - interval '1 day', available_at = now() WHERE id = $1`,
      [messageId],
    );
    const given = await receiptOf(person.id, (receipt) => target(receipt, 'Late')?.state === 'failed');
    const listed = (await admin.get('/deliveries?state=failed')).deliveries as Json[];
    const logged = (await admin.get(`/audit-events?target=${messageId}`)).auditEvents as Json[];
    await admin.patch(`/clients/${app.clientId}`, { backchannel_logout_uri: (await aCounterpartThat(accepting)).url });
    const retried = await admin.call('POST', `/deliveries/${messageId}/retry`);
    const closed = await receiptOf(person.id, isComplete);
    const again = await admin.call('POST', `/deliveries/${messageId}/retry`);

    expect(given.status).toBe('open');
    expect(listed.map(({ id }) => id)).toContain(messageId);
    expect(logged.map(({ type }) => type)).toEqual(['deliveries.given-up']);
    expect(retried.status).toBe(200);
    expect(target(closed, 'Late')).toMatchObject({ state: 'done', answer: { status: 200 } });
    expect([again.status, again.body.code]).toEqual([409, 'deliveries.delivered']);
  });

  it('trying again by hand what is being delivered at this moment is refused, and tells nobody twice', async () => {
    const slow = await aCounterpartThat(silent);
    const person = await aPerson(admin);
    await enter(at, await anApp(admin, 'Slow', { backchannel_logout_uri: slow.url }), person);
    await admin.patch(`/users/${person.id}`, { active: false });
    const messageId = String(target(await receiptOf(person.id), 'Slow')?.messageId);
    await eventually(
      () => slow.received.length,
      (count) => count === 1,
    );

    const refused = await admin.call('POST', `/deliveries/${messageId}/retry`);

    expect(refused).toMatchObject({ status: 409, body: { code: 'deliveries.in_hand' } });
    expect(slow.received).toHaveLength(1);
  });

  it('a client that is deleted before it was told is not told, and the receipt says so', async () => {
    const gone = await aCounterpartThat(refusingOnce);
    const person = await aPerson(admin);
    const app = await anApp(admin, 'Gone', { backchannel_logout_uri: gone.url });
    await enter(at, app, person);
    await admin.patch(`/users/${person.id}`, { active: false });
    await receiptOf(person.id, ({ targets }) => targets.some(({ attempts }) => attempts === 1));

    await admin.delete(`/clients/${app.clientId}`);
    const receipt = await receiptOf(person.id, isComplete);

    expect(target(receipt, 'Gone')).toMatchObject({ state: 'not_notified', error: expect.stringContaining('gone') });
  });

  it('RFC 9068 access tokens are refused by introspection at once; the receipt says when the last of them expires', async () => {
    const resource = `https://api-${Date.now()}.example`;
    await admin.post('/resource-servers', {
      identifier: resource,
      name: 'API',
      accessTokenFormat: 'jwt',
      accessTokenLifetimeSeconds: 120,
      permissions: [{ value: `read-${Date.now()}` }],
    });
    const [{ permissions: [permission] = [] } = {}] = (await admin.get(`/resource-servers?identifier=${resource}`))
      .resourceServers as { permissions: { value: string }[] }[];
    const role = await admin.post('/roles', {
      name: `reader-${Date.now()}`,
      permissions: [{ resource, values: [permission?.value] }],
    });
    const app = await anApp(admin, 'API client');
    const person = await aPerson(admin);
    await admin.post('/role-assignments', { userId: person.id, roleId: role.id });
    const scope = `openid offline_access ${permission?.value}`;
    const { refresh_token: refreshToken = '' } = await enter(at, app, person, { scope });
    const { body: tokens } = await post(`${at.url}/token`, app, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      resource,
    });
    const token = String(tokens.access_token);
    const before = await post(`${at.url}/introspect`, app, { token });

    await admin.patch(`/users/${person.id}`, { active: false });
    const after = await post(`${at.url}/introspect`, app, { token });
    const receipt = await receiptOf(person.id, isComplete);

    expect(token.split('.')).toHaveLength(3);
    expect([before.body.active, after.body.active]).toEqual([true, false]);
    const endBy = new Date(Date.parse(String(receipt.createdAt)) + 120_000).toISOString();
    expect(target(receipt, 'API client')).toMatchObject({
      state: 'not_notified',
      note: `no back-channel logout URI; tokens end by ${endBy}`,
      tokensEndBy: endBy,
    });
  });

  it('a deleted person leaves a receipt; someone inactive already gets no second one', async () => {
    const [deleted, twice] = [await aPerson(admin), await aPerson(admin)];

    await admin.delete(`/users/${deleted.id}`);
    await admin.patch(`/users/${twice.id}`, { active: false });
    await admin.patch(`/users/${twice.id}`, { active: false });
    const list = await admin.get(`/users/${twice.id}/deprovisioning-receipts`);

    expect(await receiptOf(deleted.id)).toMatchObject({ cause: 'deleted', userId: deleted.id });
    expect(list.deprovisioningReceipts).toHaveLength(1);
  });

  it('reactivation restores nothing that was ended', async () => {
    const app = await anApp(admin, 'Back');
    const person = await aPerson(admin);
    const agent = new UserAgent({ via: { [at.issuer]: at.url } });
    const tokens = await enter(at, app, person, { agent });
    const { link } = await admin.post(`/users/${person.id}/set-password-link`, {});
    await admin.patch(`/users/${person.id}`, { active: false });

    await admin.patch(`/users/${person.id}`, { active: true });
    const refreshed = await post(`${at.url}/token`, app, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    const introspected = await post(`${at.url}/introspect`, app, { token: tokens.access_token });
    const silentSignIn = await agent.send(
      `${at.issuer}/authorize?${new URLSearchParams({
        client_id: app.clientId,
        response_type: 'code',
        scope: 'openid',
        prompt: 'none',
        redirect_uri: 'http://127.0.0.1:4999/callback',
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      })}`,
    );

    expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant']);
    expect(introspected.body).toEqual({ active: false });
    expect(silentSignIn.headers.get('location')).toContain('error=login_required');
    expect((await fetch(String(link))).status).not.toBe(200);
  });
});

describe('the signature (RFC 7515 appendix F)', () => {
  it('is a detached JWS over the RFC 8785 form of the other members, open or complete, and covers each of them', async () => {
    const person = await aPerson(admin);
    await admin.patch(`/users/${person.id}`, { active: false });
    const { id } = await receiptOf(person.id, isComplete);
    await eventually(
      async () => (await admin.get(`/audit-events?target=${id}`)).auditEvents as Json[],
      (events) => events.some(({ type }) => type === 'deprovisioning-receipts.completed'),
    );
    const receipt = await receiptOf(person.id);
    const again = await admin.get(`/deprovisioning-receipts/${receipt.id}`);
    const jwks = createLocalJWKSet((await (await fetch(`${at.url}/jwks`)).json()) as JSONWebKeySet);
    const verify = ({ signature, ...statement }: Receipt) => {
      const [header = '', , value = ''] = signature.jws.split('.');
      const payload = Buffer.from(canonicalJson(statement as CanonicalValue & object)).toString('base64url');
      return flattenedVerify({ protected: header, payload, signature: value }, jwks);
    };

    expect((await verify(receipt)).protectedHeader).toMatchObject({
      alg: 'EdDSA',
      kid: receipt.signature.kid,
      typ: 'doorward-deprovisioning-receipt+jws',
    });
    expect(again).toEqual(receipt);
    await expect(verify({ ...receipt, targets: [] })).rejects.toThrow();
    await expect(verify({ ...receipt, cause: 'deleted' })).rejects.toThrow();
  });

  it('for people it is a page to print, for whoever asks for text/html, and holds nobody’s name', async () => {
    const person = await aPerson(admin);
    await admin.patch(`/users/${person.id}`, { active: false });
    const { id } = await receiptOf(person.id);

    const page = await admin.call('GET', `/deprovisioning-receipts/${id}`, undefined, { accept: 'text/html' });
    const json = await admin.call('GET', `/deprovisioning-receipts/${id}`);

    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain(person.id);
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(page.text + json.text).not.toContain(person.userName);
  });
});

describe('the lists', () => {
  it('are asked by person and status, page by key, and refuse what they do not know', async () => {
    const people = [await aPerson(admin), await aPerson(admin)];
    for (const { id } of people) await admin.patch(`/users/${id}`, { active: false });

    const first = await admin.call('GET', '/deprovisioning-receipts?limit=1');
    const second = await admin.call('GET', `/deprovisioning-receipts?limit=1&cursor=${first.body.nextCursor}`);
    const mine = await admin.get(`/deprovisioning-receipts?userId=${people[0]?.id}`);
    const wrong = await admin.call('GET', '/deprovisioning-receipts?status=closed');
    const unknown = await admin.call('GET', '/deprovisioning-receipts?who=me');
    const nobody = await admin.get('/users/nobody/deprovisioning-receipts');
    const none = await admin.call('GET', '/deprovisioning-receipts/nothing');

    expect([first, second].map(({ body }) => (body.deprovisioningReceipts as Receipt[])[0]?.userId)).toEqual(
      people.map(({ id }) => id).reverse(),
    );
    expect(mine.deprovisioningReceipts).toHaveLength(1);
    expect([wrong.status, unknown.status, none.status]).toEqual([422, 422, 404]);
    expect(nobody.deprovisioningReceipts).toEqual([]);
  });
});
