import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { anApp, enter } from '../lifecycle/counterparts.ts';
import { aPerson } from '../system/relying-party.ts';
import {
  anEndpoint,
  apiWith,
  aReceiverClient,
  CAEP,
  type Endpoint,
  type Event,
  POLL,
  PUSH,
  RISC,
  verified,
} from './a-receiver.ts';

jest.setTimeout(60_000);

let server: RunningServer;
let admin: AdminApi;
let at: { issuer: string; url: string };
const endpoints: Endpoint[] = [];

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' } });
  at = { issuer: server.issuer, url: server.origin };
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
});

afterAll(async () => {
  for (const endpoint of endpoints) endpoint.close();
  await server.stop();
});

// Each test has the streams it makes, and no one else's count as targets of its receipts.
afterEach(async () => {
  await server.foundation.read.query('DELETE FROM signal_streams');
  await server.foundation.read.query('DELETE FROM outbox_messages');
});

async function aPushStream(extra: Json = {}) {
  const endpoint = await anEndpoint();
  endpoints.push(endpoint);
  const { clientId, api } = await aReceiverClient(at.url, admin);
  const delivery = { method: PUSH, endpoint_url: endpoint.url, authorization_header: 'Bearer the-receivers-secret' };
  const { body: stream } = await api('POST', '/streams', { delivery, ...extra });
  return { endpoint, clientId, api, stream, id: String(stream.stream_id) };
}

async function aPollStream(extra: Json = {}) {
  const { clientId, api } = await aReceiverClient(at.url, admin);
  const { body: stream } = await api('POST', '/streams', { delivery: { method: POLL }, ...extra });
  const id = String(stream.stream_id);
  const poll = async (body: Json = {}) => {
    const answer = await api('POST', `/poll/${id}`, { returnImmediately: true, ...body });
    const sets = Object.entries((answer.body.sets ?? {}) as Record<string, string>);
    const events = await Promise.all(sets.map(([, token]) => verified(at, token, clientId)));
    return { ...answer, ids: sets.map(([jti]) => jti), events };
  };
  return { clientId, api, stream, id, poll };
}

const names = (events: readonly Event[]): string[] => events.flatMap(({ events: one }) => Object.keys(one));
const receivedBy = (endpoint: Endpoint, clientId: string): Promise<Event[]> =>
  Promise.all(endpoint.received.map(({ token }) => verified(at, token, clientId)));
const deactivate = (id: string) => admin.patch(`/users/${id}`, { active: false });

describe('OpenID Shared Signals Framework 1.0 §7: transmitter metadata', () => {
  it('is public, names the issuer, its keys and every endpoint', async () => {
    const answer = await fetch(`${at.url}/.well-known/ssf-configuration`);
    const metadata = (await answer.json()) as Record<string, unknown>;

    expect(metadata).toMatchObject({
      spec_version: '1_0',
      issuer: at.issuer,
      jwks_uri: `${at.issuer}/jwks`,
      delivery_methods_supported: [PUSH, POLL],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'ALL',
    });
    for (const name of [
      'configuration_endpoint',
      'status_endpoint',
      'add_subject_endpoint',
      'remove_subject_endpoint',
      'verification_endpoint',
    ])
      expect(String(metadata[name])).toMatch(new RegExp(`^${at.issuer}/ssf/v1/`));
  });
});

describe('SSF §8.1.1: streams', () => {
  it('are made, read, listed, changed, replaced and deleted by their receiver', async () => {
    const { api, stream, id, clientId } = await aPushStream({
      description: 'SOC',
      events_requested: [`${CAEP}/session-revoked`, 'https://example.com/unheard-of'],
    });

    const read = await api('GET', `/streams?stream_id=${id}`);
    const listed = await api('GET', '/streams');
    const changed = await api('PATCH', '/streams', {
      stream_id: id,
      aud: clientId,
      events_requested: [`${RISC}/account-disabled`],
    });
    const replaced = await api('PUT', '/streams', { stream_id: id, iss: at.issuer, delivery: { method: POLL } });
    const deleted = await api('DELETE', `/streams?stream_id=${id}`);
    const gone = await api('GET', `/streams?stream_id=${id}`);

    expect(stream).toEqual({
      stream_id: id,
      iss: at.issuer,
      aud: clientId,
      description: 'SOC',
      events_supported: expect.arrayContaining([`${CAEP}/session-revoked`, `${RISC}/account-purged`]),
      events_requested: [`${CAEP}/session-revoked`, 'https://example.com/unheard-of'],
      events_delivered: [`${CAEP}/session-revoked`],
      delivery: { method: PUSH, endpoint_url: expect.any(String) },
      min_verification_interval: 1,
    });
    expect(read.body).toEqual(stream);
    expect(listed.body).toEqual([stream]);
    expect(changed.body).toMatchObject({ description: 'SOC', events_delivered: [`${RISC}/account-disabled`] });
    expect(replaced.body).not.toHaveProperty('description');
    expect(replaced.body.delivery).toEqual({ method: POLL, endpoint_url: `${at.issuer}/ssf/v1/poll/${id}` });
    expect([deleted.status, gone.status]).toEqual([204, 404]);
    const types = ((await admin.get(`/audit-events?target=${id}`)).auditEvents as Json[]).map(({ type }) => type);
    expect(types.reverse()).toEqual([
      'signal-streams.created',
      'signal-streams.updated',
      'signal-streams.updated',
      'signal-streams.deleted',
    ]);
  });

  it.each<[string, string, string, unknown]>([
    ['no JSON object', 'POST', '/streams', [1]],
    [
      'a method nobody knows',
      'POST',
      '/streams',
      { delivery: { method: 'urn:x', endpoint_url: 'https://r.example/' } },
    ],
    ['http to elsewhere', 'POST', '/streams', { delivery: { method: PUSH, endpoint_url: 'http://r.example/' } }],
    [
      'a user name in the URL',
      'POST',
      '/streams',
      { delivery: { method: PUSH, endpoint_url: 'https://u@r.example/' } },
    ],
    ['no endpoint', 'POST', '/streams', { delivery: { method: PUSH } }],
    [
      'a header that would become two',
      'POST',
      '/streams',
      { delivery: { method: PUSH, endpoint_url: 'https://r.example/', authorization_header: 'a\r\nX: y' } },
    ],
    ['events that are no list', 'POST', '/streams', { events_requested: 'all' }],
    ['no stream', 'PATCH', '/streams', { description: 'x' }],
    ['no stream to delete', 'DELETE', '/streams', undefined],
    ['a status nobody knows', 'POST', '/status', { stream_id: 'x', status: 'asleep' }],
    ['a subject without a format', 'POST', '/subjects/add', { stream_id: 'x', subject: { email: 'a@example.com' } }],
    ['a state that is no text', 'POST', '/verification', { stream_id: 'x', state: 7 }],
  ])('§8: %s is answered with 400', async (_what, method, path, body) => {
    const { api } = await aReceiverClient(at.url, admin);

    expect((await api(method, path, body)).status).toBe(400);
  });

  it.each([
    ['NUL', '\u0000'],
    ['a lone surrogate', '\ud800'],
    ['a direction override', '\u202e'],
    ['a hundred thousand letters', 'x'.repeat(100_000)],
    ['a way up', '../..'],
    ['an escaped NUL', '%00'],
    ['SQL', "' OR 1=1 --"],
  ])('SECURITY-LESSONS 37: %s in any member is an answer below 500', async (_name, text) => {
    const { api, id } = await aPushStream();
    const answers = await Promise.all([
      api('POST', '/streams', { description: text }),
      api('POST', '/streams', { events_requested: [text] }),
      api('POST', '/streams', { delivery: { method: PUSH, endpoint_url: `https://r.example/${text}` } }),
      api('POST', '/streams', {
        delivery: { method: PUSH, endpoint_url: 'https://r.example/', authorization_header: text },
      }),
      api('PATCH', '/streams', { stream_id: text, description: text }),
      api('PATCH', '/streams', { stream_id: id, description: text }),
      api('GET', `/streams?stream_id=${encodeURIComponent(text.toWellFormed().slice(0, 2_000))}`),
      api('POST', '/status', { stream_id: id, status: 'paused', reason: text }),
      api('POST', '/subjects/add', { stream_id: id, subject: { format: 'email', email: text } }),
      api('POST', '/subjects/add', { stream_id: id, subject: { format: 'opaque', id: text, extra: text } }),
      api('POST', '/verification', { stream_id: id, state: text }),
      api('POST', `/poll/${id}`, { returnImmediately: true, ack: [text], setErrs: { [text]: { err: text } } }),
      api('POST', `/poll/${encodeURIComponent(text.toWellFormed().slice(0, 2_000))}`, { returnImmediately: true }),
    ]);

    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(server.errors).toEqual([]);
  });

  it('§8.1.1.3: what is the transmitter’s to say can be sent back as it is, not otherwise', async () => {
    const { api, stream, id } = await aPushStream();

    const same = await api('PATCH', '/streams', { ...stream, description: 'changed' });
    const wrong = await api('PATCH', '/streams', { stream_id: id, events_delivered: [] });

    expect([same.status, same.body.description]).toEqual([200, 'changed']);
    expect(wrong.status).toBe(400);
  });

  it('SECURITY-LESSONS 15: a receiver reaches only its own streams, at every endpoint', async () => {
    const { id } = await aPushStream();
    const { api: other } = await aReceiverClient(at.url, admin);
    const person = await aPerson(admin);
    const subject = { format: 'opaque', id: person.id };
    const before = await server.foundation.read.query('SELECT * FROM signal_streams WHERE id = $1', [id]);

    const answers = await Promise.all([
      other('GET', `/streams?stream_id=${id}`),
      other('PATCH', '/streams', { stream_id: id, description: 'mine' }),
      other('PUT', '/streams', { stream_id: id }),
      other('DELETE', `/streams?stream_id=${id}`),
      other('GET', `/status?stream_id=${id}`),
      other('POST', '/status', { stream_id: id, status: 'disabled' }),
      other('POST', '/subjects/add', { stream_id: id, subject }),
      other('POST', '/subjects/remove', { stream_id: id, subject }),
      other('POST', '/verification', { stream_id: id }),
      other('POST', `/poll/${id}`, { returnImmediately: true }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(await server.foundation.read.query('SELECT * FROM signal_streams WHERE id = $1', [id])).toEqual(before);
    expect((await other('GET', '/streams')).body).toEqual([]);
  });

  it('§7.1.1: without a token 401, with one for something else 401, without the permission 403', async () => {
    const nobody = await apiWith(at.url, undefined)('GET', '/streams');
    const administrator = await apiWith(at.url, admin.token)('GET', '/streams');
    const { api, clientId } = await aReceiverClient(at.url, admin);
    await admin.patch(`/clients/${clientId}`, { permissions: [] });
    const powerless = await eventually(
      () => api('GET', '/streams'),
      ({ status }) => status !== 200,
    );

    expect([nobody.status, administrator.status, powerless.status]).toEqual([401, 401, 403]);
  });
});

describe('CAEP Interoperability Profile §2.7: scopes', () => {
  it('ssf.read sees and changes nothing, ssf.manage does all, whatever scope the token was asked for', async () => {
    const reading = await aReceiverClient(at.url, admin, ['ssf.read']);
    const managing = await aReceiverClient(at.url, admin, ['ssf.manage']);
    const both = await aReceiverClient(at.url, admin, ['ssf.read', 'ssf.manage'], 'ssf.read');
    const { body: stream } = await managing.api('POST', '/streams', {});

    const refused = await reading.api('POST', '/streams', {});
    const narrowed = await both.api('POST', '/streams', {});
    const inQuery = await fetch(`${at.url}/ssf/v1/streams?access_token=${managing.token}`);
    const broken = await fetch(`${at.url}/ssf/v1/verification`, {
      method: 'POST',
      headers: { authorization: `Bearer ${managing.token}`, 'content-type': 'application/json' },
      body: '{"stream_id": ',
    });

    expect([refused.status, narrowed.status]).toEqual([403, 403]);
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect((await reading.api('GET', '/streams')).body).toEqual([]);
    expect((await managing.api('GET', '/streams')).body).toEqual([stream]);
    expect((await managing.api('GET', `/status?stream_id=${stream.stream_id}`)).body.status).toBe('enabled');
    expect(inQuery.status).toBe(401);
    expect(broken.status).toBe(400);
  });
});

describe('RFC 8935: push', () => {
  it('a leaver is told as CAEP session-revoked and credential-change and RISC account-disabled, with the header asked for', async () => {
    const { endpoint, clientId, id } = await aPushStream({ description: 'SOC' });
    const person = await aPerson(admin);

    await deactivate(person.id);
    await eventually(
      () => endpoint.received.length,
      (count) => count === 3,
    );
    const events = await receivedBy(endpoint, clientId);
    const receipt = await eventually(
      async () =>
        ((await admin.get(`/users/${person.id}/deprovisioning-receipts`)).deprovisioningReceipts as Json[])[0],
      (one) => one?.status === 'complete',
    );

    expect(names(events).sort()).toEqual(
      [`${CAEP}/session-revoked`, `${CAEP}/credential-change`, `${RISC}/account-disabled`].sort(),
    );
    for (const event of events) {
      expect(event.sub_id).toEqual({ format: 'iss_sub', iss: at.issuer, sub: person.id });
      expect(event).not.toHaveProperty('sub');
      expect(event).not.toHaveProperty('exp');
    }
    const revoked = events.find(({ events: one }) => `${CAEP}/session-revoked` in one);
    expect(revoked?.events[`${CAEP}/session-revoked`]).toEqual({
      event_timestamp: expect.any(Number),
      initiating_entity: 'admin',
      reason_admin: { en: 'The account was deactivated' },
    });
    expect(new Set(events.map(({ txn }) => txn))).toEqual(new Set([receipt?.requestId]));
    expect(endpoint.received[0]?.headers).toMatchObject({
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      authorization: 'Bearer the-receivers-secret',
    });
    const targets = ((receipt?.targets ?? []) as Json[]).filter(({ kind }) => kind === 'signal_stream');
    expect(targets.map(({ id: target, name, sent, state, answer }) => [target, name, sent, state, answer])).toEqual(
      ['session-revoked', 'credential-change', 'account-disabled'].map((sent) => [
        id,
        'SOC',
        sent,
        'done',
        { status: 202, excerpt: '' },
      ]),
    );
    expect(events.map(({ jti }) => jti).sort()).toEqual(targets.map(({ messageId }) => messageId).sort());
  });

  it('an administrator’s new password, an ended session, a return and a deletion are told too', async () => {
    const { endpoint, clientId } = await aPushStream();
    const person = await aPerson(admin);
    const app = await anApp(admin, 'App');
    await enter(at, app, person);
    const told = async (count: number) => {
      await eventually(
        () => endpoint.received.length,
        (seen) => seen >= count,
      );
      return names(await receivedBy(endpoint, clientId)).splice(0);
    };
    const [session] = (await admin.get(`/sessions?userId=${person.id}`)).sessions as Json[];

    await admin.delete(`/sessions/${session?.id}`);
    await told(1);
    const [ended] = await receivedBy(endpoint, clientId);
    await admin.call('PUT', `/users/${person.id}/password`, { password: 'nine blue geese cross the river' });
    const afterPassword = await told(3);
    await deactivate(person.id);
    await told(6);
    await admin.patch(`/users/${person.id}`, { active: true });
    await told(7);
    await admin.delete(`/users/${person.id}`);
    await told(9);
    await admin.delete(`/deleted-users/${person.id}`);
    const all = await told(10);

    expect(ended?.sub_id).toEqual({
      format: 'complex',
      user: { format: 'iss_sub', iss: at.issuer, sub: person.id },
      session: { format: 'opaque', id: session?.id },
    });
    expect(afterPassword.sort()).toEqual(
      [`${CAEP}/credential-change`, `${CAEP}/session-revoked`, `${CAEP}/session-revoked`].sort(),
    );
    expect(all.filter((name) => name === `${RISC}/account-disabled`)).toHaveLength(2);
    expect(all).toContain(`${RISC}/account-enabled`);
    expect(all.at(-1)).toBe(`${RISC}/account-purged`);
  });

  it('a client that may not be told any more is not: neither of what happens then, nor of what waits (SECURITY-LESSONS 8)', async () => {
    const { endpoint, clientId, api } = await aPushStream({ events_requested: [`${RISC}/account-disabled`] });
    const [first, second, third] = [await aPerson(admin), await aPerson(admin), await aPerson(admin)];
    endpoint.answer = (res) => void res.writeHead(503).end();
    await deactivate(first.id);
    await eventually(
      () => endpoint.received.length,
      (seen) => seen >= 1,
    );
    const states = () =>
      server.foundation.read.query<{ done: boolean; error: string | null }>(
        'SELECT delivered_at IS NOT NULL AS done, last_error AS error FROM outbox_messages ORDER BY id',
      );

    await admin.patch(`/clients/${clientId}`, { permissions: [] });
    await deactivate(second.id);
    await server.foundation.read.query('UPDATE outbox_messages SET available_at = now()');

    const settled = await eventually(states, ([one]) => one?.done === true);
    expect(settled).toEqual([{ done: true, error: expect.stringContaining('may not be told') }]);
    expect((await api('GET', '/streams')).status).toBe(403);
    const role = {
      name: `receiver-${clientId}`,
      permissions: [{ resource: 'urn:doorward:ssf', values: ['ssf.manage'] }],
    };
    await admin.post('/roles', role);
    const { id: roleId } = await admin.post('/roles', { name: `above-${clientId}`, inherits: [role.name] });
    await admin.post('/role-assignments', { roleId, clientId });
    await deactivate(third.id);
    expect(await states()).toHaveLength(2);
  });

  it('a receiver that refuses is told again with the same jti; the address is called through the guarded client alone', async () => {
    const { endpoint, clientId, api, id } = await aPushStream({ events_requested: [`${RISC}/account-disabled`] });
    const person = await aPerson(admin);
    let count = 0;
    endpoint.answer = (res) => {
      count += 1;
      res.writeHead(count === 1 ? 400 : 202).end('{"err":"invalid_key"}');
    };

    await deactivate(person.id);
    await eventually(
      () => endpoint.received.length,
      (seen) => seen === 2,
    );
    const jtis = (await receivedBy(endpoint, clientId)).map(({ jti }) => jti);
    await api('PATCH', '/streams', {
      stream_id: id,
      delivery: { method: PUSH, endpoint_url: 'https://169.254.169.254/latest' },
    });
    await deactivate((await aPerson(admin)).id);
    const refused = await eventually(
      async () => (await admin.get(`/deliveries?target=stream:${id}&state=pending`)).deliveries as Json[],
      ([one]) => Number(one?.attempts) > 0 && one?.lastError !== null,
    );

    expect(new Set(jtis).size).toBe(1);
    expect(String(refused[0]?.lastError)).toContain('is not a public address');
  });
});

describe('RFC 8936: poll', () => {
  it('offers events until they are acknowledged, the oldest first, so many as asked for; the receipt follows', async () => {
    const { poll } = await aPollStream();
    const person = await aPerson(admin);
    await deactivate(person.id);

    const first = await poll({ maxEvents: 2 });
    const again = await poll();
    const afterAck = await poll({ ack: first.ids });
    const empty = await poll({ ack: afterAck.ids });
    const receipt = await eventually(
      async () =>
        ((await admin.get(`/users/${person.id}/deprovisioning-receipts`)).deprovisioningReceipts as Json[])[0],
      (one) => one?.status === 'complete',
    );

    expect(names(first.events)).toEqual([`${CAEP}/session-revoked`, `${CAEP}/credential-change`]);
    expect(first.body.moreAvailable).toBe(true);
    expect(again.ids).toHaveLength(3);
    expect(again.body).not.toHaveProperty('moreAvailable');
    expect(names(afterAck.events)).toEqual([`${RISC}/account-disabled`]);
    expect(empty.body).toEqual({ sets: {} });
    expect(receipt?.status).toBe('complete');
    const signed = await eventually(
      async () => (await admin.get(`/audit-events?target=${receipt?.id}`)).auditEvents as Json[],
      ({ length }) => length > 0,
    );
    expect(signed.map(({ type }) => type)).toEqual(['deprovisioning-receipts.completed']);
  });

  it('§2.4: a poll that finds nothing waits until there is something', async () => {
    const { api, id } = await aPollStream({ events_requested: [`${RISC}/account-disabled`] });
    const person = await aPerson(admin);
    const polling = api('POST', `/poll/${id}`, {});

    await deactivate(person.id);
    const { body } = await polling;

    expect(Object.keys(body.sets as Json)).toHaveLength(1);
  });

  it('§2.2: what a receiver cannot use is given up, and who looks at deliveries sees why', async () => {
    const { poll, id } = await aPollStream({ events_requested: [`${RISC}/account-disabled`] });
    await deactivate((await aPerson(admin)).id);
    const { ids } = await poll();

    await poll({ setErrs: { [ids[0] ?? '']: { err: 'invalid_key', description: 'no such kid' } } });
    const failed = (await admin.get(`/deliveries?state=failed&target=stream:${id}`)).deliveries as Json[];

    expect((await poll()).ids).toEqual([]);
    expect(failed).toMatchObject([{ id: ids[0], lastError: 'the receiver answered invalid_key: no such kid' }]);
  });

  it('acknowledging what is another stream’s does nothing', async () => {
    const [mine, other] = [await aPollStream(), await aPollStream()];
    await deactivate((await aPerson(admin)).id);
    const { ids } = await mine.poll();

    await other.poll({ ack: ids });

    expect((await mine.poll()).ids).toEqual(ids);
  });
});

describe('SSF §8.1.2: status', () => {
  it('paused holds what happens and tells it when enabled again; disabled forgets it, and receipts say so', async () => {
    const { api, endpoint, id } = await aPushStream({ events_requested: [`${RISC}/account-disabled`] });
    const [held, forgotten] = [await aPerson(admin), await aPerson(admin)];

    const paused = await api('POST', '/status', { stream_id: id, status: 'paused', reason: 'maintenance' });
    await deactivate(held.id);
    const whilePaused = await api('GET', `/status?stream_id=${id}`);
    expect(endpoint.received).toHaveLength(0);
    await api('POST', '/status', { stream_id: id, status: 'enabled' });
    await eventually(
      () => endpoint.received.length,
      (count) => count === 1,
    );
    await api('POST', '/status', { stream_id: id, status: 'paused' });
    await deactivate(forgotten.id);
    await api('POST', '/status', { stream_id: id, status: 'disabled' });
    await api('POST', '/status', { stream_id: id, status: 'enabled' });
    const receipt = await eventually(
      async () =>
        ((await admin.get(`/users/${forgotten.id}/deprovisioning-receipts`)).deprovisioningReceipts as Json[])[0],
      (one) => one?.status === 'complete',
    );

    expect(paused.body).toEqual({ stream_id: id, status: 'paused', reason: 'maintenance' });
    expect(whilePaused.body.status).toBe('paused');
    expect(endpoint.received).toHaveLength(1);
    expect(((receipt?.targets ?? []) as Json[]).find(({ id: target }) => target === id)).toMatchObject({
      state: 'not_notified',
      error: 'the stream was disabled by its receiver',
    });
  });
});

describe('SSF §8.1.3: subjects', () => {
  it('a stream is about everyone but those removed, and names those added as they were added', async () => {
    const { api, poll, id } = await aPollStream({ events_requested: [`${RISC}/account-disabled`] });
    const email = `added-${Date.now()}@example.com`;
    const added = await aPerson(admin, { emails: [{ value: email, verified: true }] });
    const removed = await aPerson(admin);
    const subject = { format: 'email', email };
    const issSub = { format: 'iss_sub', iss: at.issuer, sub: removed.id };

    const add = await api('POST', '/subjects/add', { stream_id: id, subject, verified: true });
    const remove = await api('POST', '/subjects/remove', { stream_id: id, subject: issSub });
    await deactivate(added.id);
    await deactivate(removed.id);
    const { events } = await poll();

    expect([add.status, remove.status]).toEqual([200, 204]);
    expect(events.map(({ sub_id }) => sub_id)).toEqual([subject]);
  });

  it.each<[string, (id: string) => Json]>([
    ['of another issuer', (sub) => ({ format: 'iss_sub', iss: 'https://other.example', sub })],
    ['nobody has', () => ({ format: 'opaque', id: 'nobody' })],
    ['that is not verified', () => ({ format: 'email', email: 'unverified@example.com' })],
  ])('a subject %s is not recognized: 404', async (_what, subjectOf) => {
    const { api, id } = await aPollStream();
    const person = await aPerson(admin, { emails: [{ value: 'unverified@example.com' }] });

    expect((await api('POST', '/subjects/add', { stream_id: id, subject: subjectOf(person.id) })).status).toBe(404);
  });
});

describe('SSF §8.1.4: verification', () => {
  it('sends an event about the stream with the state asked for, and not more often than it says', async () => {
    const { api, poll, id } = await aPollStream();

    const [asked, tooSoon] = [
      await api('POST', '/verification', { stream_id: id, state: 'a-state' }),
      await api('POST', '/verification', { stream_id: id }),
    ];
    const { events } = await poll();

    expect([asked.status, tooSoon.status, tooSoon.headers.get('retry-after')]).toEqual([204, 429, '1']);
    expect(events).toEqual([
      expect.objectContaining({
        sub_id: { format: 'opaque', id },
        events: { 'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: 'a-state' } },
      }),
    ]);
  });
});

it('SECURITY-LESSONS 39: a receiver’s Authorization header is sealed, and told nobody', async () => {
  const { api, id } = await aPushStream();
  const [row] = await server.foundation.read.query<{ line: string }>(
    'SELECT to_jsonb(s)::text AS line FROM signal_streams s WHERE id = $1',
    [id],
  );
  const shown = JSON.stringify((await api('GET', '/streams')).body);

  expect(row?.line).not.toContain('the-receivers-secret');
  expect(row?.line).not.toContain(Buffer.from('the-receivers-secret').toString('hex'));
  expect(shown).not.toContain('the-receivers-secret');
});

it('a deleted or disabled client gets no events', async () => {
  const { endpoint, clientId } = await aPushStream();
  const { poll } = await aPollStream({ events_requested: [`${RISC}/account-disabled`] });
  await admin.patch(`/clients/${clientId}`, { enabled: false });

  await deactivate((await aPerson(admin)).id);
  await eventually(
    async () => (await poll()).ids.length,
    (count) => count > 0,
  );

  expect(endpoint.received).toEqual([]);
});
