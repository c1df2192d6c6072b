import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { AdminApi } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, newPkce, redeem, signIn, UserAgent } from '../../support/user-agent.ts';
import { aPerson, aPublicClient, password, redirectUri } from './relying-party.ts';

let one: TestServer;
let two: TestServer;
let admin: AdminApi;

beforeAll(async () => {
  one = await startServer();
  two = await startServer({ beside: one });
  admin = await one.admin();
}, 120_000);

afterAll(async () => {
  await two?.stop();
  await one?.stop();
});

const on = (server: TestServer) => ({ via: { [one.issuer]: server.url } });

describe('several processes on one database (issue item 1)', () => {
  it('a sign-in started on one process is finished on the other', async () => {
    const clientId = await aPublicClient(admin, { first_party: false });
    const { userName } = await aPerson(admin);
    const pkce = newPkce();
    const first = new UserAgent(on(one));
    const loginPage = await first.visit(authorizationUrl({ issuer: one.issuer, clientId, redirectUri }, pkce));

    const second = first.through({ [one.issuer]: two.url });
    const consentPage = await second.submit(loginPage, 'username', { username: userName, password }, redirectUri);
    const third = second.through({ [one.issuer]: one.url });
    const end = await third.submit(consentPage, 'decision', { decision: 'approve' }, redirectUri);
    const code = new URL(end.url).searchParams.get('code') ?? '';
    const tokens = await redeem(two.url, { clientId, redirectUri, code, pkce });

    expect(end.url).toMatch(/[?&]code=/);
    expect(tokens.status).toBe(200);
  });

  it('DESIGN §4: a client that is disabled on one is refused by the other at once, also when it was cached there', async () => {
    const clientId = await aPublicClient(admin);
    const ask = () =>
      fetch(`${two.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'nothing', client_id: clientId }),
      }).then((answer) => answer.json() as Promise<{ error: string }>);
    const before = await ask();

    await admin.patch(`/clients/${clientId}`, { enabled: false });
    const after = await eventually(ask, ({ error }) => error === 'invalid_client');

    expect(before.error).toBe('invalid_grant');
    expect(after.error).toBe('invalid_client');
  });

  it('a redirect URI added on one is accepted by the other', async () => {
    const clientId = await aPublicClient(admin);
    const { userName } = await aPerson(admin);
    const added = 'http://127.0.0.1:4999/another';
    const options = { issuer: one.issuer, clientId, userName, password };
    await signIn(new UserAgent(on(two)), { ...options, redirectUri });

    await admin.patch(`/clients/${clientId}`, { redirect_uris: [redirectUri, added] });
    const again = async () => {
      const result = await signIn(new UserAgent(on(two)), { ...options, redirectUri: added }).catch(() => undefined);
      return result?.location ?? '';
    };

    expect(await eventually(again, (location) => location !== '')).toMatch(/another\?code=/);
  });

  it('issue item 4: keys rotated on one are published and used by the other, and old tokens stay verifiable', async () => {
    const clientId = await aPublicClient(admin);
    const { userName } = await aPerson(admin);
    const kidOf = async () => {
      const { code, pkce } = await signIn(new UserAgent(on(two)), {
        issuer: one.issuer,
        clientId,
        redirectUri,
        userName,
        password,
      });
      const answer = await redeem(two.url, { clientId, redirectUri, code, pkce });
      const { id_token: token } = (await answer.json()) as { id_token: string };
      return String(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid);
    };
    const before = await kidOf();

    await admin.post('/keys/rotate', { alg: 'RS256' });
    const after = await eventually(kidOf, (kid) => kid !== before);
    const { keys } = (await (await fetch(`${two.url}/jwks`)).json()) as { keys: { kid: string }[] };

    expect(after).not.toBe(before);
    expect(keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([before, after]));
  });

  it('a code is redeemed once, however many requests come to both processes at the same moment', async () => {
    const clientId = await aPublicClient(admin);
    const { userName } = await aPerson(admin);
    const { code, pkce } = await signIn(new UserAgent(on(one)), {
      issuer: one.issuer,
      clientId,
      redirectUri,
      userName,
      password,
    });

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        redeem(index % 2 === 0 ? one.url : two.url, { clientId, redirectUri, code, pkce }),
      ),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49);
  });

  it('audit rows of both processes end in one chain without gaps', async () => {
    const { rows } = await onDatabase((database) =>
      eventually(
        () =>
          database.query<{ unsealed: string }>('SELECT count(*) AS unsealed FROM audit_events WHERE sequence IS NULL'),
        (answer) => answer.rows[0]?.unsealed === '0',
      ).then(() =>
        database.query<{ sequence: string; previous: string | null; hash: string }>(
          `SELECT sequence, encode(previous_hash, 'hex') AS previous, encode(hash, 'hex') AS hash FROM audit_events ORDER BY sequence`,
        ),
      ),
    );

    const broken = rows.filter((row, index) => index > 0 && row.previous !== rows[index - 1]?.hash);
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual(
      rows.map((_, index) => index + Number(rows[0]?.sequence)),
    );
    expect(broken).toEqual([]);
  });
});

async function onDatabase<T>(work: (database: pg.Client) => Promise<T>): Promise<T> {
  const database = new pg.Client({ connectionString: await one.databaseUrl() });
  await database.connect();
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}
