import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type App, anApp, enter, post } from '../lifecycle/counterparts.ts';
import { aPerson, type Person } from '../system/relying-party.ts';
import { CAEP, RISC } from './a-receiver.ts';

jest.setTimeout(60_000);

const ISSUER = 'https://upstream.example';
const AUDIENCE = 'https://doorward.example/events';
let server: RunningServer;
let admin: AdminApi;
let app: App;
let keys: { readonly url: string; isDown: boolean; close(): void };
let signing: CryptoKey;
let foreign: CryptoKey;
let transmitter: Json;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' } });
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
  app = await anApp(admin, 'App');
  const pair = await generateKeyPair('ES256', { extractable: true });
  signing = pair.privateKey;
  foreign = (await generateKeyPair('ES256')).privateKey;
  keys = await keysServer({ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' });
  transmitter = await aTransmitter(ISSUER, keys.url);
});

afterAll(async () => {
  keys.close();
  await server.stop();
});

const aTransmitter = (issuer: string, jwksUri: string, more: Json = {}) =>
  admin.post('/signal-transmitters', { name: 'Upstream', issuer, audience: AUDIENCE, jwksUri, ...more });

async function keysServer(jwk: object) {
  const state = { url: '', isDown: false, close: (): void => {} };
  const http = createServer((_, res) => {
    res.writeHead(state.isDown ? 500 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ keys: [jwk] }));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  state.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/jwks`;
  state.close = () => {
    http.closeAllConnections();
    http.close();
  };
  return state;
}

type Made = { readonly claims?: Json; readonly header?: Json; readonly key?: CryptoKey };

const claimsOf = (event: string, subject: Json): Json => ({
  iss: ISSUER,
  aud: AUDIENCE,
  iat: Math.floor(Date.now() / 1000),
  jti: randomUUID(),
  sub_id: subject,
  events: { [event]: { event_timestamp: Math.floor(Date.now() / 1000) } },
});

const signed = ({ claims = {}, header = {}, key = signing }: Made) =>
  new SignJWT(claims as never)
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'secevent+jwt', ...header })
    .sign(key);

async function push(body: string, { token = String(transmitter.token), to = transmitter, headers = {} } = {}) {
  const url = String(to.endpointUrl).replace(server.issuer, server.origin);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt', authorization: `Bearer ${token}`, ...headers },
    body,
  });
  const text = await answer.text();
  const requestId = String(answer.headers.get('x-request-id'));
  return { status: answer.status, err: text === '' ? undefined : (JSON.parse(text) as Json).err, text, requestId };
}

const eventsOf = (requestId: string) =>
  server.foundation.read.query<{ type: string; reason: string | null; details: Json }>(
    `SELECT type, reason, details FROM audit_events WHERE request_id = $1 ORDER BY type`,
    [requestId],
  );

/** Somebody who has signed in, and whether what they got still works. */
async function someone(attributes: Json = {}) {
  const person: Person = await aPerson(admin, attributes);
  const { refresh_token: first = '' } = await enter({ issuer: server.issuer, url: server.origin }, app, person);
  let token = first;
  const isIn = async (): Promise<boolean> => {
    const { status, body } = await post(`${server.origin}/token`, app, {
      grant_type: 'refresh_token',
      refresh_token: token,
    });
    if (typeof body.refresh_token === 'string') token = body.refresh_token;
    return status === 200;
  };
  return { person, isIn };
}

describe('RFC 8935, SSF 1.0: security events of another provider end sessions here', () => {
  it.each([
    ['session-revoked', `${CAEP}/session-revoked`],
    ['credential-change', `${CAEP}/credential-change`],
    ['account-disabled', `${RISC}/account-disabled`],
    ['account-purged', `${RISC}/account-purged`],
  ])('%s ends sessions, grants and tokens; the account stays, and it is recorded', async (_, event) => {
    const externalId = randomUUID();
    const { person, isIn } = await someone({ externalId });
    expect(await isIn()).toBe(true);

    const reply = await push(
      await signed({ claims: claimsOf(event, { format: 'iss_sub', iss: ISSUER, sub: externalId }) }),
    );

    expect([reply.status, reply.text]).toEqual([202, '']);
    expect(await isIn()).toBe(false);
    expect((await admin.get(`/users/${person.id}`)).active).toBe(true);
    expect(await eventsOf(reply.requestId)).toMatchObject([
      { type: 'security-events.received', details: { events: [{ event, outcome: 'ended' }] } },
      { type: 'sessions.ended-by-signal', details: { sessions: 1, event, transmitterId: transmitter.id } },
    ]);
  });

  it.each<[string, (person: Person, externalId: string) => Json, boolean]>([
    ['a verified address', ({ userName }) => ({ format: 'email', email: userName.toUpperCase() }), true],
    ['an address nobody has proved', (_, id) => ({ format: 'email', email: `${id}@unproved.example` }), false],
    ['our own subject', ({ id }) => ({ format: 'iss_sub', iss: server.issuer, sub: id }), true],
    ['our subject under their issuer', ({ id }) => ({ format: 'iss_sub', iss: ISSUER, sub: id }), false],
    ["a third provider's subject", (_, sub) => ({ format: 'iss_sub', iss: 'https://third.example', sub }), false],
    [
      'a complex subject with a session',
      (_, sub) => ({
        format: 'complex',
        user: { format: 'iss_sub', iss: ISSUER, sub },
        session: { format: 'opaque', id: 's' },
      }),
      true,
    ],
    ['a format nobody knows', (_, id) => ({ format: 'opaque', id }), false],
    ['no text', () => ({ format: 'email', email: '\u0000' }), false],
  ])('RFC 9493: by %s', async (_, subjectOf, isEnded) => {
    const externalId = randomUUID();
    const { person, isIn } = await someone({ externalId });
    await admin.patch(`/users/${person.id}`, {
      emails: [
        { value: person.userName, primary: true, verified: true },
        { value: `${externalId}@unproved.example`, verified: false },
      ],
    });

    const reply = await push(
      await signed({ claims: claimsOf(`${CAEP}/session-revoked`, subjectOf(person, externalId)) }),
    );

    expect(reply.status).toBe(202);
    expect(await isIn()).toBe(!isEnded);
    const [received] = await eventsOf(reply.requestId);
    expect(received?.details.events).toMatchObject([{ outcome: isEnded ? 'ended' : 'subject_unknown' }]);
  });

  it('an identifier that two people have means neither', async () => {
    const externalId = randomUUID();
    const [one, other] = [await someone({ externalId }), await someone({ externalId })];

    const subject = { format: 'iss_sub', iss: ISSUER, sub: externalId };
    await push(await signed({ claims: claimsOf(`${CAEP}/session-revoked`, subject) }));

    expect([await one.isIn(), await other.isIn()]).toEqual([true, true]);
  });

  it('an event that is sent again, twenty times at once too, is acknowledged and done once', async () => {
    const externalId = randomUUID();
    const { person, isIn } = await someone({ externalId });
    const token = await signed({
      claims: claimsOf(`${CAEP}/session-revoked`, { format: 'iss_sub', iss: ISSUER, sub: externalId }),
    });

    const replies = await Promise.all(Array.from({ length: 20 }, () => push(token)));
    expect(await isIn()).toBe(false);
    const again = await enter({ issuer: server.issuer, url: server.origin }, app, person);
    replies.push(await push(token));

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
    const recorded = await Promise.all(replies.map(({ requestId }) => eventsOf(requestId)));
    expect(recorded.flat().filter(({ type }) => type === 'sessions.ended-by-signal')).toHaveLength(1);
    const { status } = await post(`${server.origin}/token`, app, {
      grant_type: 'refresh_token',
      refresh_token: String(again.refresh_token),
    });
    expect(status).toBe(200);
  });

  it('unknown events, and those about the stream, are acknowledged and change nothing', async () => {
    const externalId = randomUUID();
    const { isIn } = await someone({ externalId });
    for (const event of [
      'https://example.com/of-the-future',
      'https://schemas.openid.net/secevent/ssf/event-type/verification',
      `${RISC}/account-enabled`,
    ]) {
      const claims = claimsOf(event, { format: 'iss_sub', iss: ISSUER, sub: externalId });
      const reply = await push(await signed({ claims }));
      expect([reply.status, (await eventsOf(reply.requestId))[0]?.details.events]).toMatchObject([
        202,
        [{ outcome: 'ignored' }],
      ]);
    }
    expect(await isIn()).toBe(true);
  });
});

describe('RFC 8417, RFC 8935 §2.4: what is not the transmitter’s own word is refused, and changes nothing', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const hostile: readonly (readonly [string, string, (claims: Json) => Promise<string> | string])[] = [
    ['another key', 'invalid_key', (claims) => signed({ claims, key: foreign })],
    ['a key nobody knows', 'invalid_key', (claims) => signed({ claims, header: { kid: 'k2' } })],
    ['no signature', 'invalid_key', (claims) => new UnsecuredJWT(claims as never).encode()],
    ['another issuer', 'invalid_issuer', (claims) => signed({ claims: { ...claims, iss: `${ISSUER}/` } })],
    ['no issuer', 'invalid_issuer', ({ iss: _, ...claims }) => signed({ claims })],
    ['another audience', 'invalid_audience', (claims) => signed({ claims: { ...claims, aud: [`${AUDIENCE}/x`] } })],
    ['no audience', 'invalid_audience', ({ aud: _, ...claims }) => signed({ claims })],
    ['the type of an ID token', 'invalid_request', (claims) => signed({ claims, header: { typ: 'JWT' } })],
    ['the type of a logout token', 'invalid_request', (claims) => signed({ claims, header: { typ: 'logout+jwt' } })],
    ['no jti', 'invalid_request', ({ jti: _, ...claims }) => signed({ claims })],
    ['no events', 'invalid_request', (claims) => signed({ claims: { ...claims, events: {} } })],
    ['events that are a list', 'invalid_request', (claims) => signed({ claims: { ...claims, events: [] } })],
    ['no time', 'invalid_request', ({ iat: _, ...claims }) => signed({ claims })],
    [
      'a time of last month',
      'invalid_request',
      (claims) => signed({ claims: { ...claims, iat: now() - 30 * 86_400 } }),
    ],
    ['a time to come', 'invalid_request', (claims) => signed({ claims: { ...claims, iat: now() + 3_600 } })],
    ['an end that has passed', 'invalid_request', (claims) => signed({ claims: { ...claims, exp: now() - 3_600 } })],
    ['no token at all', 'invalid_request', () => 'ey'],
    ['nothing', 'invalid_request', () => ''],
    ['text that is none', 'invalid_request', () => '\u0000\u0001'],
  ];

  it.each(hostile)('%s', async (_, err, tokenOf) => {
    const externalId = randomUUID();
    const { isIn } = await someone({ externalId });
    const claims = claimsOf(`${CAEP}/session-revoked`, { format: 'iss_sub', iss: ISSUER, sub: externalId });

    const reply = await push(await tokenOf(claims));

    expect([reply.status, reply.err]).toEqual([400, err]);
    expect(await isIn()).toBe(true);
  });

  it('a refused event is recorded with its reason; whoever has no token of a transmitter is refused and recorded nowhere', async () => {
    const claims = claimsOf(`${CAEP}/session-revoked`, { format: 'email', email: 'x@example.com' });
    const refused = await push(await signed({ claims, key: foreign }));
    const strangers = [
      await push(await signed({ claims }), { token: 'wrong' }),
      await push(await signed({ claims }), { headers: { authorization: '' } }),
      await push(await signed({ claims }), { to: { endpointUrl: `${server.issuer}/ssf/v1/events/${randomUUID()}` } }),
      await push(await signed({ claims }), { to: { endpointUrl: `${server.issuer}/ssf/v1/events/nobody` } }),
    ];

    expect(await eventsOf(refused.requestId)).toMatchObject([
      { type: 'security-events.refused', reason: 'invalid_key' },
    ]);
    for (const { status, err, requestId } of strangers)
      expect([status, err, await eventsOf(requestId)]).toEqual([401, 'authentication_failed', []]);
  });

  it('is sent with POST and its own media type', async () => {
    const token = await signed({
      claims: claimsOf(`${CAEP}/session-revoked`, { format: 'email', email: 'x@example.com' }),
    });
    const get = await fetch(String(transmitter.endpointUrl).replace(server.issuer, server.origin));

    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await push(token, { headers: { 'content-type': 'application/jwt' } })).toMatchObject({
      status: 400,
      err: 'invalid_request',
    });
  });

  it('while its keys cannot be read it is asked to send again, and then is followed', async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const down = await keysServer({ ...(await exportJWK(pair.publicKey)), kid: 'r1', alg: 'RS256' });
    down.isDown = true;
    const other = await aTransmitter('https://other.example', down.url);
    const claims = { ...claimsOf('https://example.com/x', {}), iss: 'https://other.example' };
    const token = await signed({ claims, header: { alg: 'RS256', kid: 'r1' }, key: pair.privateKey });
    const options = { to: other, token: String(other.token) };

    const before = await push(token, options);
    down.isDown = false;
    const after = await push(token, options);

    expect([before.status, before.err, after.status]).toEqual([503, 'unavailable', 202]);
    down.close();
  });
});

describe('/admin/v1/signal-transmitters', () => {
  it('sets up, shows without the token, changes, pauses, gives another token and deletes', async () => {
    const made = await aTransmitter('https://third.example', keys.url);
    const path = `/signal-transmitters/${made.id}`;
    const claims = { ...claimsOf('https://example.com/x', {}), iss: 'https://third.example' };
    const send = async (token: unknown) =>
      (await push(await signed({ claims }), { to: made, token: String(token) })).status;

    expect(made).toMatchObject({ state: 'active', endpointUrl: `${server.issuer}/ssf/v1/events/${made.id}` });
    expect((await admin.get(path)).token).toBeUndefined();
    expect(await send(made.token)).toBe(202);
    await admin.patch(path, { state: 'paused' });
    expect(await send(made.token)).toBe(403);
    await admin.patch(path, { state: 'active' });
    const { token } = await admin.post(`${path}/token`, {});
    expect([await send(made.token), await send(token)]).toEqual([401, 202]);
    await admin.delete(path);
    expect(await send(token)).toBe(401);
  });

  it('an issuer has one transmitter, and keys come over TLS', async () => {
    const refusals = await Promise.all([
      admin.call('POST', '/signal-transmitters', { name: 'Twice', issuer: ISSUER, audience: 'a', jwksUri: keys.url }),
      admin.call('POST', '/signal-transmitters', {
        name: 'Plain',
        issuer: 'https://plain.example',
        audience: 'a',
        jwksUri: 'http://plain.example/jwks',
      }),
      admin.call('PATCH', `/signal-transmitters/${transmitter.id}`, { issuer: 'https://else.example' }),
    ]);

    expect(refusals.map(({ status }) => status)).toEqual([409, 422, 422]);
  });
});
