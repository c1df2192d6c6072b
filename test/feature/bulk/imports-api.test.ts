import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { type AdminApi, addAdminClient, adminApi, type Json, type Reply } from '../../support/admin-api.ts';
import { freshDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { startServer as startProcess } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';

jest.setTimeout(90_000);

let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  admin = await withPermissions();
  await admin.post('/groups', { displayName: 'Sales' });
  await admin.post('/roles', { name: 'clerk' });
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A client with these permissions of the admin API, or all. */
async function withPermissions(permissions?: readonly string[]): Promise<AdminApi> {
  const url = server.configuration.databaseUrl ?? '';
  const client = await addAdminClient(url);
  if (permissions)
    await queryOn(
      url,
      `DELETE FROM client_permissions WHERE client_id = $1
       AND permission_id NOT IN (SELECT id FROM permissions WHERE value = ANY ($2::text[]))`,
      [client.clientId, permissions],
    );
  return adminApi({ url: server.issuer, client });
}

const query = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) =>
  queryOn<Row>(server.configuration.databaseUrl ?? '', sql, values);

type Options = { readonly as?: AdminApi; readonly type?: string; readonly ask?: string; readonly issuer?: string };

async function upload(file: BodyInit, options: Options = {}): Promise<Pick<Reply, 'status' | 'body'>> {
  const { as = admin, type = 'text/csv', ask = '', issuer = server.issuer } = options;
  const answer = await fetch(`${issuer}/admin/v1/imports${ask}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': type },
    body: file,
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

const ended = (id: unknown, as: AdminApi = admin): Promise<Json> =>
  eventually(
    () => as.get(`/imports/${id}`),
    ({ state }) => state !== 'running',
    40_000,
  );

/** Uploads, and answers the import as it ended, with its report. */
async function imported(file: BodyInit, options: Options = {}): Promise<Json & { readonly faults: Json[] }> {
  const { status, body } = await upload(file, options);
  expect([status, body]).toEqual([202, expect.anything()]);
  const end = await ended(body.id);
  const { faults } = await admin.get(`/imports/${body.id}/report?limit=200`);
  return { ...end, faults: faults as Json[] };
}

const peopleLike = async (pattern: string): Promise<number> => {
  const [row] = await query<{ count: number }>('SELECT count(*)::int FROM users WHERE user_name LIKE $1', [pattern]);
  return row?.count ?? 0;
};

/** While it holds, an import that meets this person waits. */
async function holding(userName: string, work: () => Promise<void>): Promise<void> {
  const database = new pg.Client({ connectionString: server.configuration.databaseUrl });
  await database.connect();
  try {
    await database.query('BEGIN');
    await database.query('SELECT FROM users WHERE user_name = $1 FOR UPDATE', [userName]);
    await work();
    await database.query('ROLLBACK');
  } finally {
    await database.end();
  }
}

describe('issue 4 item 3: /admin/v1/imports', () => {
  it('a CSV becomes people in the background, with a report per line, in the name of whoever uploaded it', async () => {
    const rows = Array.from({ length: 700 }, (_, n) => `c${n}@csv.example,c${n}@csv.example,Sales,clerk`);
    const file = ['userName,emails[0].value,groups,roles', ...rows, 'bad@csv.example,no address,Nowhere,'].join('\n');

    const first = await imported(file);
    const again = await imported(file);

    expect(first).toMatchObject({
      state: 'completed',
      committedRows: 701,
      sizeBytes: file.length,
      readBytes: file.length,
      counts: { created: 700, refused: 1 },
    });
    expect(first.faults).toEqual([
      expect.objectContaining({ line: 702, column: 2, attribute: 'emails[0].value' }),
      expect.objectContaining({ line: 702, column: 3, code: 'imports.group_unknown' }),
    ]);
    expect(again.counts).toMatchObject({ unchanged: 700, created: 0 });
    const { imports } = await admin.get('/imports?limit=1');
    expect(imports).toMatchObject([{ id: again.id }]);
    const { auditEvents } = await admin.get(`/audit-events?target=${first.id}`);
    expect((auditEvents as Json[]).map(({ type, actorId }) => [type, actorId]).sort()).toEqual([
      ['imports.completed', admin.client.clientId],
      ['imports.started', admin.client.clientId],
    ]);
    expect(await query('SELECT FROM bulk_import_chunks')).toEqual([]);
  });

  it.each([
    ['application/json', (name: string) => `[{"userName":"${name}","active":true}]`],
    ['application/x-ndjson', (name: string) => `{"userName":"${name}"}\n`],
    ['text/ldif', (name: string) => `dn: uid=x\nobjectClass: inetOrgPerson\nuid: ${name}\ncn: x\nsn: x\n`],
  ])('%s is taken as well', async (type, file) => {
    const name = `t${randomBytes(4).toString('hex')}@types.example`;

    expect(await imported(file(name), { type })).toMatchObject({ state: 'completed', counts: { created: 1 } });
    expect(await peopleLike(name)).toBe(1);
  });

  it('files of groups and of role assignments ask for the permissions of those, in the token and held', async () => {
    const groups = 'displayName,externalId\nBuyers,g-1\nSales,\n';
    const roles = 'role,groups\nclerk,Buyers\n';
    const people = await withPermissions(['imports:write', 'imports:read', 'users:write']);
    for (const content of ['groups', 'role_assignments']) {
      const refused = await upload(groups, { as: people, ask: `?content=${content}` });
      expect([refused.status, refused.body.code]).toEqual([403, 'access.exceeds_own_permissions']);
    }
    const may = await withPermissions(['imports:write', 'imports:read', 'groups:write']);
    const { body } = await upload(groups, { as: may, ask: '?content=groups' });
    const done = { state: 'completed', content: 'groups', counts: { created: 1, unchanged: 1 } };
    expect(await ended(body.id, may)).toMatchObject(done);
    expect(await imported(roles, { ask: '?content=role_assignments' })).toMatchObject({ counts: { created: 1 } });
    const strong = 'role,groups\nadministrator,Buyers\n';
    const assigner = await withPermissions(['imports:write', 'imports:read', 'role-assignments:write']);
    const tried = await upload(strong, { as: assigner, ask: '?content=role_assignments' });
    expect(await ended(tried.body.id, assigner)).toMatchObject({ counts: { created: 0, refused: 1 } });
    expect((await upload(groups, { ask: '?content=keys' })).status).toBe(422);
  });

  it('a dry run tries every row, keeps its report, and changes nobody', async () => {
    const file = 'userName,roles\ndry@dry.example,clerk\nother@dry.example,none\n';

    const tried = await imported(file, { ask: '?dryRun=true' });

    expect(tried).toMatchObject({ state: 'completed', dryRun: true, counts: { created: 1, refused: 1 } });
    expect(tried.faults).toMatchObject([{ line: 3, code: 'imports.role_unknown' }]);
    expect(await peopleLike('%@dry.example')).toBe(0);
  });

  it('a mapping renames columns, and reactivate lets people in again', async () => {
    const mapping = encodeURIComponent(JSON.stringify({ Login: 'userName', Note: null }));
    await imported('Login,active,Note\nback@map.example,false,x\n', { ask: `?mapping=${mapping}` });
    const kept = await imported('userName,active\nback@map.example,true\n');
    const back = await imported('userName,active\nback@map.example,true\n', { ask: '?reactivate=true' });

    expect(kept.faults).toMatchObject([{ code: 'notice.not_reactivated' }]);
    expect(back).toMatchObject({ faults: [], counts: { updated: 1 } });
  });

  it('cancelled, it changes nothing more and its file is forgotten', async () => {
    await imported('userName\nheld@cancel.example\n');
    await holding('held@cancel.example', async () => {
      const { body } = await upload('userName,title\nheld@cancel.example,Boss\nnever@cancel.example,\n');
      await eventually(
        () => query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`),
        (waiting) => waiting.length > 0,
      );
      const cancelled = await admin.post(`/imports/${body.id}/cancellation`, {});
      const twice = await admin.call('POST', `/imports/${body.id}/cancellation`);

      expect([cancelled.state, twice.status, twice.body.code]).toEqual(['cancelled', 409, 'imports.completed']);
    });
    await eventually(
      () => query(`SELECT FROM outbox_messages WHERE type = 'imports.due' AND delivered_at IS NULL`),
      (open) => open.length === 0,
      30_000,
    );
    expect(await peopleLike('never@cancel.example')).toBe(0);
    expect(await query('SELECT FROM bulk_import_chunks')).toEqual([]);
  });

  it.each([
    ['no UTF-8', new Uint8Array([0x75, 0xff, 0x0a]), /UTF-8/],
    ['an unknown column', 'userName,shoeSize\na@b.example,9\n', /shoeSize/],
    ['an unclosed quote', 'userName\n"a@b.example\n', /CSV/],
  ])('a file with %s ends as failed, and says why', async (_, file, why) => {
    expect(await imported(file)).toMatchObject({ state: 'failed', error: expect.stringMatching(why) });
  });

  it('what cannot be an upload is refused before it is read', async () => {
    const statuses = await Promise.all([
      upload('x', { type: 'application/zip' }),
      upload('userName\n', { ask: '?mapping=nonsense' }),
      upload('userName\n', { ask: `?mapping=${encodeURIComponent('{"a":"\\u0000"}')}` }),
      upload('userName\n', { ask: '?dryRun=perhaps' }),
      upload('userName\n', { ask: '?unknown=1' }),
    ]);

    expect(statuses.map(({ status }) => status)).toEqual([415, 422, 422, 422, 422]);
    expect(await declared(200_000_000)).toBe(413);
  });
});

/** The answer to a request that only says how long it will be. */
function declared(length: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'text/csv', 'content-length': length };
    const sent = request(`${server.origin}/admin/v1/imports`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      sent.destroy();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).flushHeaders();
  });
}

describe('SECURITY-LESSONS 10: a file gives nobody more than they hold', () => {
  it('without users:write it is refused, and rows with groups and roles need their own permissions', async () => {
    const alone = await withPermissions(['imports:write']);
    const people = await withPermissions(['imports:write', 'users:write']);

    const refused = await upload('userName\nx@power.example\n', { as: alone });
    const narrow = await imported(
      'userName,groups,roles\nplain@power.example,,\ng@power.example,Sales,\nr@power.example,,clerk\n',
      { as: people },
    );

    expect([refused.status, refused.body.code]).toEqual([403, 'access.exceeds_own_permissions']);
    expect(narrow.counts).toMatchObject({ created: 1, refused: 2 });
    expect(narrow.faults).toMatchObject([
      { line: 3, code: 'access.exceeds_own_permissions', detail: expect.stringContaining('groups:write') },
      { line: 4, code: 'access.exceeds_own_permissions', detail: expect.stringContaining('role-assignments:write') },
    ]);
  });

  it.each([
    ['another address', 'userName,externalId,emails[0].value,active\nboss@power.example,,mine@evil.example,\n'],
    ['a password', `userName,passwordHash\nboss@power.example,{SSHA}TUJSOZXEpsO0ugaXv1z4WCS+DMwAAQIDBAUGBw==\n`],
    ['the administrator role', 'userName,roles\nme@power.example,administrator\n'],
  ])('an administrator does not get %s from somebody with less power', async (_, file) => {
    await imported('userName,roles\nboss@power.example,administrator\n');
    const helper = await withPermissions(['imports:write', 'users:write', 'role-assignments:write']);

    const tried = await imported(file, { as: helper });

    expect(tried.counts).toMatchObject({ created: 0, updated: 0, refused: 1 });
    expect(tried.faults).toMatchObject([{ code: 'access.exceeds_own_permissions' }]);
    expect(await query(`SELECT FROM user_emails WHERE value = 'mine@evil.example'`)).toEqual([]);
  });

  it('validity is checked at use: whoever loses the permission meanwhile imports nothing more', async () => {
    const helper = await withPermissions(['imports:write', 'users:write']);
    await query(`UPDATE outbox_messages SET available_at = now()`);
    const { body } = await upload('userName\nlate@power.example\n', { as: helper, ask: '?dryRun=true' });
    await ended(body.id);
    await query('UPDATE clients SET enabled = false WHERE client_id = $1', [helper.client.clientId]);
    // As if it had not been gone on with yet.
    await query('UPDATE bulk_imports SET completed_at = NULL, dry_run = false, committed_rows = 0 WHERE id = $1', [
      body.id,
    ]);
    await query(
      `INSERT INTO outbox_messages (id, type, target, payload, created_at, available_at)
       VALUES (gen_random_uuid(), 'imports.due', 'import', jsonb_build_object('importId', $1::text), now(), now())`,
      [body.id],
    );

    expect(await ended(body.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('users:write') });
    expect(await peopleLike('late@power.example')).toBe(0);
  });
});

describe('issue 4: kill -9 in the middle of an import', () => {
  it('another process goes on after what is committed, and nobody is created twice or left out', async () => {
    const database = await freshDatabase();
    const env = { DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    const first = await startProcess({ database, env });
    const rows = Array.from({ length: 6000 }, (_, n) => `k${n}@kill.example`);
    const { body } = await upload(['userName', ...rows].join('\n'), {
      as: await first.admin(),
      issuer: first.issuer,
    });
    await eventually(
      () => queryOn(database.url, 'SELECT FROM bulk_imports WHERE committed_rows > 0'),
      (begun) => begun.length > 0,
    );
    await first.kill();
    // What the dead process had in hand is free again after two minutes: the clock is moved, not waited for.
    await queryOn(
      database.url,
      'UPDATE outbox_messages SET available_at = now(), claimed_until = NULL WHERE delivered_at IS NULL',
    );
    const second = await startProcess({ database, env });
    const end = await ended(body.id, await second.admin());
    const [counted] = await queryOn<{ people: number; events: number }>(
      database.url,
      `SELECT (SELECT count(*)::int FROM users WHERE user_name LIKE '%@kill.example') AS people,
         (SELECT count(*)::int FROM audit_events e JOIN users u ON u.id::text = e.target_id
          WHERE e.type = 'users.created' AND u.user_name LIKE '%@kill.example') AS events`,
    );
    await second.stop();
    await database.drop();

    expect(end).toMatchObject({ state: 'completed', counts: { created: 6000, refused: 0 } });
    expect(counted).toEqual({ people: 6000, events: 6000 });
  });
});
