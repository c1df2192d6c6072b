import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { User } from '../../../src/domain/users/user.ts';
import { addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';

let server: RunningServer;
let app: TestClient;
beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const REGISTRATION = '/device-bound-session/registration';
const REFRESH = '/device-bound-session/refresh';
const SESSION = ['doorward_session', 'doorward_session.sig'] as const;
const cookies = (visitor: WebVisitor): string =>
  [...SESSION, 'doorward_proof'].map((name) => `${name}=${visitor.cookie(name) ?? ''}`).join('; ');

type Device = { readonly key: CryptoKey; readonly jwk: JWK };
const aDevice = async (): Promise<Device> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { key: privateKey, jwk: await exportJWK(publicKey) };
};
type ProofOptions = { readonly typ?: string; readonly isRefresh?: boolean };
const proofOf = ({ key, jwk }: Device, jti: string, { typ = 'dbsc+jwt', isRefresh = false }: ProofOptions = {}) =>
  new SignJWT({ jti }).setProtectedHeader({ alg: 'ES256', typ, ...(isRefresh ? {} : { jwk }) }).sign(key);

/** What a browser does beside its pages, by itself. */
async function send(visitor: WebVisitor, path: string, headers: Record<string, string>): Promise<Response> {
  const response = await fetch(`${server.issuer}${path}`, {
    method: 'POST',
    headers: { cookie: cookies(visitor), ...headers },
  });
  const [, proof] = /doorward_proof=([^;]*)/.exec(response.headers.get('set-cookie') ?? '') ?? [];
  if (proof !== undefined) visitor.plant('doorward_proof', proof);
  return response;
}

const challengeIn = (header: string | null): string =>
  /(?:challenge=)?"([\d.]+\.[\w-]+\.[\w-]+)"/.exec(header ?? '')?.[1] ?? '';

async function signedIn(user?: User) {
  const person = user ?? (await aPerson(server));
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get(authorizeUrl(server, app)), person.userName, password);
  return { person, visitor };
}

/** The header of an answer that leads a person on to their application. */
async function offerTo(visitor: WebVisitor): Promise<string> {
  const answer = await fetch(authorizeUrl(server, app), { headers: { cookie: cookies(visitor) }, redirect: 'manual' });
  return answer.headers.get('secure-session-registration') ?? '';
}

async function bound() {
  const { person, visitor } = await signedIn();
  const device = await aDevice();
  const proof = await proofOf(device, challengeIn(await offerTo(visitor)));
  const answer = await send(visitor, REGISTRATION, { 'secure-session-response': `"${proof}"` });
  const instructions = (await answer.json()) as Json;
  return { person, visitor, device, answer, instructions, id: String(instructions.session_identifier) };
}

const isSignedIn = async (visitor: WebVisitor): Promise<boolean> =>
  titleOf(await visitor.get('/account')).includes('My account');
const withoutProof = (visitor: WebVisitor): WebVisitor => {
  const thief = new WebVisitor(server);
  for (const name of SESSION) thief.plant(name, visitor.cookie(name) ?? '');
  return thief;
};
const eventsOf = async (person: User): Promise<string[]> => {
  const rows = await server.foundation.read.query<{ event: string }>(
    `SELECT concat_ws(' ', type, reason) AS event FROM audit_events
     WHERE type LIKE 'sessions.b%' AND target_id = $1 ORDER BY occurred_at, id`,
    [person.id],
  );
  return rows.map(({ event }) => event);
};

describe('W3C Device Bound Session Credentials: registration', () => {
  it('is offered with the answer that leads on to the application, and to nobody who is not signed in', async () => {
    const { visitor } = await signedIn();

    const offer = await offerTo(visitor);

    expect(offer).toMatch(/^\(ES256\);path="\/device-bound-session\/registration";challenge="[^"]+"$/);
    expect(await offerTo(new WebVisitor(server))).toBe('');
  });

  it('binds the session: instructions, a cookie of ten minutes that is as they say, a line in the log', async () => {
    const { person, answer, instructions, visitor } = await bound();

    expect(answer.status).toBe(200);
    expect(instructions).toMatchObject({
      refresh_url: REFRESH,
      scope: { origin: server.issuer, include_site: false },
      credentials: [{ type: 'cookie', name: 'doorward_proof', attributes: 'Path=/; HttpOnly; SameSite=Lax' }],
      allowed_refresh_initiators: ['*'],
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^doorward_proof=[^;]+; path=\/; expires=[^;]+; samesite=lax; httponly$/,
    );
    expect(await eventsOf(person)).toEqual(['sessions.bound']);
    expect(await offerTo(visitor)).toBe('');
    const page = await visitor.get('/account/devices');
    expect(page.html).toContain('bound to this device');
    expect((await visitor.get('/account/activity')).html).toContain('A session was bound to its device');
    const admin = await adminApi({
      url: server.issuer,
      client: await addAdminClient(server.configuration.databaseUrl ?? ''),
    });
    expect(await admin.get(`/sessions?userId=${person.id}`)).toMatchObject({ sessions: [{ isDeviceBound: true }] });
  });

  it.each([
    ['no proof', async () => undefined],
    ['a proof of another type', (device: Device, challenge: string) => proofOf(device, challenge, { typ: 'JWT' })],
    ['a proof without a key', (device: Device, challenge: string) => proofOf(device, challenge, { isRefresh: true })],
    ['a proof of no challenge of ours', (device: Device) => proofOf(device, 'made-up')],
    [
      'a proof for another session',
      async (device: Device) => proofOf(device, challengeIn(await offerTo((await signedIn()).visitor))),
    ],
    [
      'a proof signed by another key than it names',
      async ({ key }: Device, challenge: string) => proofOf({ key, jwk: (await aDevice()).jwk }, challenge),
    ],
    [
      'a proof that names a private key',
      async ({ key }: Device, challenge: string) => proofOf({ key, jwk: { kty: 'oct', k: 'c2VjcmV0' } }, challenge),
    ],
    ['no JWT', async () => 'a.b.c'],
  ])('%s binds nothing, and the session goes on as it is', async (_, make) => {
    const { person, visitor } = await signedIn();
    const proof = await make(await aDevice(), challengeIn(await offerTo(visitor)));

    const answer = await send(visitor, REGISTRATION, proof === undefined ? {} : { 'secure-session-response': proof });

    expect(answer.status).toBe(400);
    expect(await eventsOf(person)).toEqual([]);
    expect(await isSignedIn(visitor)).toBe(true);
  });

  it('without a session there is nothing to bind', async () => {
    const proof = await proofOf(await aDevice(), 'x');
    const answers = await Promise.all(
      [REGISTRATION, REFRESH].map((path) => send(new WebVisitor(server), path, { 'secure-session-response': proof })),
    );

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('the first key stays: whoever has the cookie and another key comes too late', async () => {
    const { person, visitor } = await signedIn();
    const challenge = challengeIn(await offerTo(visitor));
    const [own, other] = [await aDevice(), await aDevice()];
    const first = await send(visitor, REGISTRATION, { 'secure-session-response': await proofOf(own, challenge) });
    const again = await send(visitor, REGISTRATION, { 'secure-session-response': await proofOf(own, challenge) });
    const late = await send(withoutProof(visitor), REGISTRATION, {
      'secure-session-response': await proofOf(other, challenge),
    });

    expect([first.status, again.status, late.status]).toEqual([200, 200, 400]);
    expect(await eventsOf(person)).toEqual(['sessions.bound', 'sessions.binding-refused wrong_key']);
  });
});

describe('a session that is bound to its device', () => {
  it('opens nothing without a fresh proof, wherever its cookie is shown, and is not ended by that', async () => {
    const { person, visitor } = await bound();
    const thief = withoutProof(visitor);

    const silent = await thief.get(authorizeUrl(server, app, { prompt: 'none' }));
    const account = await thief.get('/account');
    const devices = await thief.get('/account/devices');

    expect(callback(silent.url)).toMatchObject({ error: 'login_required' });
    expect(titleOf(account)).toContain('Sign in');
    expect(titleOf(devices)).toContain('Sign in');
    expect(new Set(await eventsOf(person))).toEqual(new Set(['sessions.bound', 'sessions.binding-refused not_fresh']));
    expect(await isSignedIn(visitor)).toBe(true);
    expect(callback((await visitor.get(authorizeUrl(server, app, { prompt: 'none' }))).url).code).toBeDefined();
  });

  it('takes no proof of another session, none that is too old, and none that somebody changed', async () => {
    const [one, other] = [await bound(), await bound()];
    const own = one.visitor.cookie('doorward_proof') ?? '';
    const [until = '', signature = ''] = own.split('.');
    const shown = [other.visitor.cookie('doorward_proof') ?? '', `${Number(until) + 600}.${signature}`, '', 'x.y'];

    const open: boolean[] = [];
    for (const proof of shown) {
      const thief = withoutProof(one.visitor);
      thief.plant('doorward_proof', proof);
      open.push(await isSignedIn(thief));
    }

    expect(open).toEqual([false, false, false, false]);
    expect(await isSignedIn(one.visitor)).toBe(true);
  });

  it('is renewed by an answer to a challenge, each of which counts once', async () => {
    const { visitor, device, id } = await bound();
    const named = { 'sec-secure-session-id': `"${id}"` };
    visitor.plant('doorward_proof', '');
    expect(await isSignedIn(withoutProof(visitor))).toBe(false);

    const asked = await send(visitor, REFRESH, named);
    const challenge = challengeIn(asked.headers.get('secure-session-challenge'));
    const response = `"${await proofOf(device, challenge, { isRefresh: true })}"`;
    const renewed = await send(visitor, REFRESH, { ...named, 'secure-session-response': response });
    const replayed = await send(withoutProof(visitor), REFRESH, { ...named, 'secure-session-response': response });

    expect(asked.status).toBe(403);
    expect(asked.headers.get('secure-session-challenge')).toContain(`;id="${id}"`);
    expect(renewed.status).toBe(200);
    expect(await renewed.json()).toMatchObject({ session_identifier: id });
    expect([replayed.status, replayed.headers.get('set-cookie')]).toEqual([403, null]);
    expect(await isSignedIn(visitor)).toBe(true);
  });

  it('is not renewed by another key, under another name, or without the session', async () => {
    const { person, visitor, device, id } = await bound();
    const named = { 'sec-secure-session-id': `"${id}"` };
    const challenge = challengeIn((await send(visitor, REFRESH, named)).headers.get('secure-session-challenge'));
    const wrong = await proofOf(await aDevice(), challenge, { isRefresh: true });
    const right = await proofOf(device, challenge, { isRefresh: true });

    const answers = [
      await send(withoutProof(visitor), REFRESH, { ...named, 'secure-session-response': wrong }),
      await send(withoutProof(visitor), REFRESH, { 'sec-secure-session-id': '"x"', 'secure-session-response': right }),
      await send(new WebVisitor(server), REFRESH, { ...named, 'secure-session-response': right }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 401]);
    expect(answers.map(({ headers }) => headers.get('set-cookie')?.includes('doorward_proof') ?? false)).toEqual([
      false,
      false,
      false,
    ]);
    expect(await eventsOf(person)).toContain('sessions.binding-refused wrong_proof');
  });

  it('stays bound whatever requests of the same browser are under way while it is bound', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => aClient(server, { firstParty: true })));
    const boundOf = async (): Promise<boolean> => {
      const { person, visitor } = await signedIn();
      const proof = await proofOf(await aDevice(), challengeIn(await offerTo(visitor)));
      const headers = { cookie: cookies(visitor) };
      // Each writes the session, as it was when it was read: there is another application in it.
      const [answer] = await Promise.all([
        send(visitor, REGISTRATION, { 'secure-session-response': `"${proof}"` }),
        ...others.map((other) => fetch(authorizeUrl(server, other), { headers, redirect: 'manual' })),
      ]);
      expect(answer.status).toBe(200);
      const [session] = await server.foundation.read.query<{ payload: string }>(
        `SELECT payload FROM provider_records WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
        [person.id],
      );
      return JSON.parse(session?.payload ?? '{}').deviceKey !== undefined;
    };

    const outcomes: boolean[] = [];
    for (let round = 0; round < 12; round += 1) outcomes.push(await boundOf());

    expect(outcomes).not.toContain(false);
  });

  it('stays bound when its person signs in anew in it', async () => {
    const { person, visitor } = await bound();
    await visitor.signIn(await visitor.get(authorizeUrl(server, app, { prompt: 'login' })), person.userName, password);

    expect(await isSignedIn(visitor)).toBe(true);
    expect(await isSignedIn(withoutProof(visitor))).toBe(false);
  });

  it('ends by signing out, and its key opens nothing any more', async () => {
    const { visitor, id } = await bound();
    const kept = withoutProof(visitor);
    await visitor.submit(await visitor.get('/logout'), 'logout', { logout: 'yes' });

    expect((await send(kept, REFRESH, { 'sec-secure-session-id': `"${id}"` })).status).toBe(401);
  });
});

describe('DOORWARD_DEVICE_BOUND_SESSIONS=off', () => {
  it('offers it to nobody', async () => {
    const other = await startServer({ env: { DOORWARD_DEVICE_BOUND_SESSIONS: 'off' } });
    const client = await aClient(other, { firstParty: true });
    const person = await aPerson(other);
    const visitor = new WebVisitor(other);
    await visitor.signIn(await visitor.get(authorizeUrl(other, client)), person.userName, password);

    const answer = await fetch(authorizeUrl(other, client), {
      headers: { cookie: cookies(visitor) },
      redirect: 'manual',
    });
    await other.stop();

    expect(answer.headers.get('location')).toContain('code=');
    expect(answer.headers.get('secure-session-registration')).toBeNull();
  });
});
