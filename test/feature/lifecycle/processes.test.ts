import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AdminApi, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, root, run, startServer, type TestServer, temporaryFolder } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { authorizationUrl, newPkce, UserAgent } from '../../support/user-agent.ts';
import { aPerson, type Person, redirectUri } from '../system/relying-party.ts';
import {
  type App,
  aCounterpart,
  accepting,
  anApp,
  type Counterpart,
  enter,
  post,
  refusing,
  silent,
} from './counterparts.ts';

jest.setTimeout(120_000);

let one: TestServer;
let two: TestServer;
let admin: AdminApi;
const counterparts: Counterpart[] = [];
const env = { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' };

beforeAll(async () => {
  one = await startServer({ env });
  two = await startServer({ beside: one, env });
  admin = await one.admin();
}, 120_000);

afterAll(async () => {
  for (const counterpart of counterparts) counterpart.close();
  await two?.stop();
  await one?.stop();
});

async function aCounterpartThat(manner: Parameters<typeof aCounterpart>[0]): Promise<Counterpart> {
  const counterpart = await aCounterpart(manner);
  counterparts.push(counterpart);
  return counterpart;
}

/** Runs the command line beside the servers. */
async function doorward(...words: string[]) {
  const running = run([join(root, 'dist', 'src', 'cli', 'doorward.js'), ...words], { ...one.env });
  const code = await running.exited;
  return { code, output: running.output() };
}

/** What each entry of the other process answers to what a person held before. */
async function entriesOn(server: TestServer, app: App, held: { refresh: string; access: string; agent: UserAgent }) {
  const at = server.url;
  const silentSignIn = authorizationUrl(
    { issuer: one.issuer, clientId: app.clientId, redirectUri, parameters: { prompt: 'none' } },
    newPkce(),
  );
  const [refreshed, introspected, userinfo, session] = await Promise.all([
    post(`${at}/token`, app, { grant_type: 'refresh_token', refresh_token: held.refresh }),
    post(`${at}/introspect`, app, { token: held.access }),
    fetch(`${at}/userinfo`, { headers: { authorization: `Bearer ${held.access}` } }),
    held.agent.through({ [one.issuer]: at }).send(silentSignIn),
  ]);
  return {
    refresh: refreshed.status,
    introspection: introspected.body.active,
    userinfo: userinfo.status,
    session: /error=login_required/.test(session.headers.get('location') ?? '') ? 'login_required' : 'code',
  };
}

async function someoneIn(app: App): Promise<{ person: Person; held: Parameters<typeof entriesOn>[2] }> {
  const person = await aPerson(admin);
  const agent = new UserAgent({ via: { [one.issuer]: one.url } });
  const at = { issuer: one.issuer, url: one.url };
  const tokens = await enter(at, app, person, { agent });
  return { person, held: { refresh: tokens.refresh_token ?? '', access: tokens.access_token, agent } };
}

const out = { refresh: 400, introspection: false, userinfo: 401, session: 'login_required' };

describe('issue 4 item 6: a leaver is out on every process', () => {
  it('whoever leaves by the admin API of one process is refused at every entry of the other, also where they were cached', async () => {
    const app = await anApp(admin, 'Two');
    const { person, held } = await someoneIn(app);
    const before = await fetch(`${two.url}/userinfo`, { headers: { authorization: `Bearer ${held.access}` } });

    await admin.patch(`/users/${person.id}`, { active: false });
    // A NOTIFY takes a moment to reach the cache of the other process.
    const after = await eventually(
      () => entriesOn(two, app, held),
      (entries) => entries.userinfo === 401,
      1_000,
    );

    expect(before.status).toBe(200);
    expect(after).toEqual(out);
  });

  it('so is whoever leaves by the command line, and the servers deliver the notice at once', async () => {
    const wiki = await aCounterpartThat(accepting);
    const app = await anApp(admin, 'By command', { backchannel_logout_uri: wiki.url });
    const { person, held } = await someoneIn(app);

    const disabled = await doorward('users', 'disable', person.userName, '--reason', 'left');
    const after = await eventually(
      () => entriesOn(two, app, held),
      (entries) => entries.userinfo === 401,
      1_000,
    );
    await eventually(() => wiki.received.length, Boolean, 1_000);
    const listed = await doorward('receipts', 'list', '--user', person.id, '--json');
    const [receipt] = JSON.parse(listed.output) as { id: string }[];
    await eventually(
      async () => (await admin.get(`/audit-events?target=${receipt?.id}`)).auditEvents as Json[],
      ({ length }) => length > 0,
    );
    const shown = await doorward('receipts', 'show', receipt?.id ?? '');
    const verified = await doorward('receipts', 'verify', receipt?.id ?? '');

    expect(disabled.code).toBe(0);
    expect(after).toEqual(out);
    expect(wiki.claims()[0]?.sub).toBe(person.id);
    expect(shown.output).toMatch(/By command\s+done\s+logout_token\s+200/);
    expect(verified.output).toContain('is ours and unchanged; it is complete');
    expect(verified.code).toBe(0);
  });

  it('a receipt whose signed statement was changed in the database does not verify', async () => {
    const person = await aPerson(admin);
    await admin.patch(`/users/${person.id}`, { active: false });
    const url = await one.databaseUrl();
    const [row] = await eventually(
      () =>
        queryOn<{ id: string }>(
          url,
          'SELECT id FROM deprovisioning_receipts WHERE user_id = $1 AND signature IS NOT NULL',
          [person.id],
        ),
      ({ length }) => length > 0,
    );

    await queryOn(
      url,
      `UPDATE deprovisioning_receipts SET statement = replace(statement, 'deactivated', 'deleted') WHERE id = $1`,
      [row?.id],
    );
    const verified = await doorward('receipts', 'verify', row?.id ?? '');

    expect([verified.code, verified.output]).toEqual([1, expect.stringContaining('is not what was signed')]);
  });
});

describe('RP-Initiated Logout with Back-Channel Logout: the outbox tells the applications', () => {
  it('a silent application keeps nobody waiting at the logout page, and one that fails is told again', async () => {
    let gaveUp = 0;
    const [quiet, shaky] = [
      await aCounterpartThat((res) => void res.on('close', () => (gaveUp += 1))),
      await aCounterpartThat((res, n) => (n === 1 ? refusing : accepting)(res, n)),
    ];
    const person = await aPerson(admin);
    const agent = new UserAgent({ via: { [one.issuer]: one.url } });
    const at = { issuer: one.issuer, url: one.url };
    await enter(at, await anApp(admin, 'Quiet', { backchannel_logout_uri: quiet.url }), person, { agent });
    await enter(at, await anApp(admin, 'Shaky', { backchannel_logout_uri: shaky.url }), person, { agent });
    const page = await agent.visit(`${one.issuer}/logout`);

    await agent.submit(page, 'logout', { logout: 'yes' });
    const gaveUpBeforeTheAnswer = gaveUp;
    await eventually(
      () => shaky.received.length,
      (count) => count === 2,
    );

    expect(gaveUpBeforeTheAnswer).toBe(0);
    expect(shaky.claims().map(({ sub }) => sub)).toEqual([person.id, person.id]);
    expect(new Set(shaky.claims().map(({ jti }) => jti)).size).toBe(1);
  });
});

describe('kill -9 between commit and delivery (issue 4, "Proof and speed")', () => {
  it('loses no notice and delivers none that was not committed', async () => {
    const folder = await temporaryFolder();
    const port = await freePort();
    const options = {
      dataDir: join(folder, 'data'),
      port,
      env: { ...env, DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') },
    };
    const first = await startServer(options);
    const api = await first.admin();
    // It does not answer while the first server lives: every notice is between commit and delivery.
    let isOpen = false;
    const wiki = await aCounterpartThat((res, count) => (isOpen ? accepting : silent)(res, count));
    const app = await anApp(api, 'Wiki', { backchannel_logout_uri: wiki.url });
    const people = await Promise.all(Array.from({ length: 12 }, () => aPerson(api)));
    for (const person of people) await enter(first, app, person);
    const acknowledged: string[] = [];
    const leaving = people.map(async ({ id }) => {
      await api.patch(`/users/${id}`, { active: false });
      acknowledged.push(id);
      if (acknowledged.length === 6) await first.kill();
    });
    await Promise.allSettled(leaving);

    isOpen = true;
    wiki.received.length = 0;
    const second = await startServer(options);
    const url = await second.databaseUrl();
    // What was in hand when the process died is anyone's again after two minutes.
    await queryOn(
      url,
      'UPDATE outbox_messages SET available_at = now(), claimed_until = NULL WHERE delivered_at IS NULL',
    );
    const gone = `SELECT id FROM users WHERE status = 'inactive'`;
    const left = (await queryOn<{ id: string }>(url, gone)).map(({ id }) => id);
    const api2 = await adminApi({ url: second.url, client: api.client });
    const receipts = await eventually(
      async () =>
        (await api2.get('/deprovisioning-receipts')).deprovisioningReceipts as { userId: string; status: string }[],
      (all) => all.every(({ status }) => status === 'complete'),
      30_000,
    );
    await second.stop();
    await rm(folder, { recursive: true, force: true });

    expect(acknowledged.filter((id) => !left.includes(id))).toEqual([]);
    expect(new Set(wiki.claims().map(({ sub }) => sub))).toEqual(new Set(left));
    expect(receipts.map(({ userId }) => userId).sort()).toEqual(left.sort());
    expect(new Set(receipts.map(({ status }) => status))).toEqual(new Set(['complete']));
  });
});
