import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aPerson } from '../interaction/a-sign-in.ts';
import { addPasskey, eventsOf, passkeyRows, passkeysPath, signalsOn, signedIn, useOn } from './a-passkey.ts';

let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  const client = await addAdminClient(server.configuration.databaseUrl ?? '');
  admin = await adminApi({ url: server.issuer, client });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function withPasskey() {
  const user = await aPerson(server);
  const { authenticator } = await addPasskey(server, await signedIn(server, user), { isSynced: true });
  const visitor = new WebVisitor(server);
  await useOn(visitor, await visitor.get('/account/sign-in'), authenticator);
  return { user, visitor, authenticator };
}

const eventDetails = async (userId: string, type: string): Promise<Json[]> =>
  ((await admin.get(`/audit-events?target=${userId}&type=${type}`)).auditEvents as Json[]).map(
    ({ details }) => details as Json,
  );

it('SECURITY-LESSONS 39: an administrator sees which passkeys a person has, and neither key nor credential', async () => {
  const { user, authenticator } = await withPasskey();

  const reply = await admin.call('GET', `/users/${user.id}/second-factors`);

  expect(reply.body).toEqual({
    passkeys: [
      {
        id: expect.any(String),
        name: 'Passkey',
        aaguid: '00000000-0000-0000-0000-000000000000',
        isAttested: false,
        isBackedUp: true,
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
      },
    ],
    recoveryCodesLeft: 10,
  });
  expect(reply.text).not.toContain(authenticator.id);
});

it('an administrator removes them: none signs in, the page of the person tells their authenticator', async () => {
  const { user, visitor, authenticator } = await withPasskey();

  const reply = await admin.call('DELETE', `/users/${user.id}/second-factors`);

  expect(reply.status).toBe(204);
  expect(await passkeyRows(server, user.id)).toEqual([]);
  expect(await eventDetails(user.id, 'second-factors.removed')).toEqual([{ totp: false, passkeys: 1 }]);
  expect(signalsOn(await visitor.get(passkeysPath))).toContainEqual(
    expect.objectContaining({ method: 'signalAllAcceptedCredentials' }),
  );
  const other = new WebVisitor(server);
  expect((await useOn(other, await other.get('/account/sign-in'), authenticator)).status).toBe(422);
});

it('a leaver’s passkey is answered like a broken one, while they are out and after they are deleted', async () => {
  const { user, authenticator } = await withPasskey();
  const attempt = async () => {
    const visitor = new WebVisitor(server);
    const page = await useOn(visitor, await visitor.get('/account/sign-in'), authenticator);
    return [page.status, /<h1>[^<]*/.exec(page.html)?.[0], visitor.cookie('doorward_session')];
  };
  await admin.patch(`/users/${user.id}`, { active: false });
  const out = await attempt();
  await admin.delete(`/users/${user.id}`);
  const deleted = await attempt();

  expect([out, deleted]).toEqual([
    [422, '<h1>Sign in', undefined],
    [422, '<h1>Sign in', undefined],
  ]);
});

/** Every text in every table, as somebody with the database would read it. */
async function everything(): Promise<string> {
  const { pool } = server.foundation;
  const { rows: names } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of names) {
    const { rows } = await pool.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
    texts.push(...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

it('ADR 0031: what a person called their passkeys is gone with them, and the log still says that they had some', async () => {
  const { user, visitor, authenticator } = await withPasskey();
  const [first, second] = ['The Quillfeather laptop', 'The Quillfeather telephone'];
  for (const name of [first, second]) {
    const page = await visitor.get(passkeysPath);
    const form = page.forms.find(({ action }) => action.endsWith('/name'));
    await visitor.post(`${passkeysPath}/name`, { ...form?.hidden, name });
  }
  const page = await visitor.get(passkeysPath);
  await visitor.post(
    `${passkeysPath}/removal`,
    page.forms.find(({ action }) => action.endsWith('/removal'))?.hidden ?? {},
  );
  const traces = [first, second, authenticator.credentialId.toString('hex')];
  expect(await eventDetails(user.id, 'passkeys.renamed')).toContainEqual(expect.objectContaining({ name: first }));
  await admin.delete(`/users/${user.id}`);

  await admin.delete(`/deleted-users/${user.id}`);

  const left = await everything();
  expect(traces.filter((trace) => left.includes(trace))).toEqual([]);
  expect(await eventsOf(server, user.id)).toEqual(
    expect.arrayContaining(['passkeys.created', 'passkeys.renamed', 'passkeys.deleted', 'users.erased']),
  );
});
