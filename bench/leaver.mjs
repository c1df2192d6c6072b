// From the commit that takes someone out to the last notice, and ten thousand people taken out in one go.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { resource, secret } from './fixture.mjs';
import { percentile } from './http-client.mjs';
import { startDoorward } from './servers.mjs';

const root = join(import.meta.dirname, '..');
const APPS = 20;

/** Relying parties on one port, by path; `dead` of them are on a port where nobody listens. */
async function startRelyingParties() {
  const received = [];
  const server = createServer((req, res) => {
    req.resume();
    req.on('end', () => {
      received.push(performance.now());
      res.writeHead(200).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    received,
    uri: (index, dead) => `http://127.0.0.1:${index < dead ? 9 : port}/logout/${index}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function openDatabase(server) {
  const { startEmbeddedPostgres } = await import(join(root, 'dist', 'src', 'persistence', 'embedded-postgres.js'));
  const { connection } = await startEmbeddedPostgres({
    dataDir: join(server.folder, 'data'),
    report: () => {},
    keep: true,
  });
  const client = new pg.Client(connection);
  await client.connect();
  return client;
}

async function addApps(database, parties, dead) {
  for (let index = 0; index < APPS; index += 1) {
    const metadata = {
      redirect_uris: ['http://localhost:4990/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      backchannel_logout_uri: parties.uri(index, dead),
    };
    await database.query(
      `INSERT INTO clients (client_id, enabled, first_party, require_pkce, claims_in_id_token, metadata, created_at, updated_at)
       VALUES ($1, true, true, true, false, $2, now(), now())
       ON CONFLICT (client_id) DO UPDATE SET metadata = EXCLUDED.metadata`,
      [`app-${index}`, JSON.stringify(metadata)],
    );
  }
}

/** People with sessions of which each was used for two applications, and a grant, refresh token and access token for each. */
async function addPeople(database, { count, sessions, prefix }) {
  await database.query(
    `INSERT INTO users (id, user_name, user_name_key, status, created_at, updated_at)
     SELECT gen_random_uuid(), $2 || n, $2 || n, 'active', now(), now() FROM generate_series(1, $1::int) AS n`,
    [count, prefix],
  );
  const held = `FROM users u CROSS JOIN generate_series(0, $2::int - 1) AS s WHERE u.user_name LIKE $1 || '%'`;
  const app = (offset) => `'app-' || (s * 2 + ${offset}) % ${APPS}`;
  await database.query(
    `INSERT INTO provider_records (id, model, payload, account_id, uid, expires_at)
     SELECT sha256(convert_to('s' || u.id || s, 'UTF8')), 'Session',
       json_build_object('accountId', u.id, 'kind', 'Session', 'loginTs', extract(epoch FROM now())::int, 'uid', u.id || '-' || s,
         'authorizations', json_build_object(${app(0)}, json_build_object('sid', 'sid-' || s || '-0'),
           ${app(1)}, json_build_object('sid', 'sid-' || s || '-1')))::text,
       u.id, u.id || '-' || s, now() + interval '1 day' ${held}`,
    [prefix, sessions],
  );
  for (const model of ['Grant', 'RefreshToken', 'AccessToken'])
    for (const offset of [0, 1])
      await database.query(
        `INSERT INTO provider_records (id, model, payload, account_id, client_id, grant_id, expires_at)
         SELECT sha256(convert_to('${model}${offset}' || u.id || s, 'UTF8')), '${model}',
           json_build_object('accountId', u.id, 'clientId', ${app(offset)}, 'resources', json_build_object($3::text, 'orders:read'))::text,
           u.id, ${app(offset)}, ${model === 'Grant' ? 'NULL' : `sha256(convert_to('Grant${offset}' || u.id || s, 'UTF8'))`},
           now() + interval '1 day' ${held}`,
        [prefix, sessions, resource],
      );
  await database.query('ANALYZE users, provider_records');
}

async function adminToken(origin) {
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`bench-admin:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:doorward:admin' }),
  });
  return (await answer.json()).access_token;
}

async function until(ask, isWanted, everyMs = 5) {
  const deadline = performance.now() + 240_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer) || performance.now() > deadline) return answer;
    await pause(everyMs);
  }
}

/** Milliseconds from the answer of the call that took them out to the last notice, for each of `people`, `dead` applications down. */
export async function noticeLatency({ people, sessions, dead }) {
  const parties = await startRelyingParties();
  const server = await startDoorward({ people: 1, settings: { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' } });
  const database = await openDatabase(server);
  try {
    await addApps(database, parties, dead);
    await addPeople(database, { count: people, sessions, prefix: 'leaver-' });
    const origin = `http://127.0.0.1:${server.address.port}`;
    const authorization = `Bearer ${await adminToken(origin)}`;
    const { rows } = await database.query("SELECT id FROM users WHERE user_name LIKE 'leaver-%'");
    const expected = Array.from({ length: sessions * 2 }, (_, n) => n % APPS).filter((index) => index >= dead).length;
    const latencies = [];
    for (const { id } of rows) {
      parties.received.length = 0;
      const answer = await fetch(`${origin}/admin/v1/users/${id}`, {
        method: 'PATCH',
        headers: { authorization, 'content-type': 'application/json' },
        body: '{"active":false}',
      });
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
      const committed = performance.now();
      await until(
        () => parties.received.length,
        (count) => count >= expected,
      );
      latencies.push(Math.max(0, (parties.received[expected - 1] ?? Number.POSITIVE_INFINITY) - committed));
    }
    latencies.sort((a, b) => a - b);
    return { notices: expected, p50: percentile(latencies, 50), p99: percentile(latencies, 99) };
  } finally {
    await database.end();
    await server.stop();
    parties.close();
  }
}

/** Everyone's end date passes at once. Seconds until nobody holds a row any more, and until everyone has been told. */
export async function massLeave({ people }) {
  const parties = await startRelyingParties();
  const server = await startDoorward({ people: 1, settings: { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' } });
  const database = await openDatabase(server);
  const count = async (sql) => (await database.query(sql)).rows[0].count;
  try {
    await addApps(database, parties, 0);
    await addPeople(database, { count: people, sessions: 1, prefix: 'leaver-' });
    await database.query("UPDATE users SET ends_at = now() + interval '1 ms' WHERE user_name LIKE 'leaver-%'");
    const began = performance.now();
    const inactive = "SELECT count(*)::int AS count FROM users WHERE status = 'inactive'";
    await until(
      () => count(inactive),
      (seen) => seen >= people,
      50,
    );
    const ended = performance.now();
    const open = 'SELECT count(*)::int AS count FROM outbox_messages WHERE delivered_at IS NULL AND failed_at IS NULL';
    await until(
      () => count(open),
      (seen) => seen === 0,
      50,
    );
    const drained = performance.now();
    const incomplete = 'SELECT count(*)::int AS count FROM deprovisioning_receipts WHERE completed_at IS NULL';
    await until(
      () => count(incomplete),
      (seen) => seen === 0,
      50,
    );
    const tokens = await count("SELECT count(*)::int AS count FROM provider_records WHERE model <> 'Session'");
    return {
      notices: parties.received.length,
      tokensLeft: tokens,
      endedSeconds: (ended - began) / 1000,
      drainedSeconds: (drained - began) / 1000,
      signedSeconds: (performance.now() - began) / 1000,
    };
  } finally {
    await database.end();
    await server.stop();
    parties.close();
  }
}

export async function measureLeavers() {
  const healthy = await noticeLatency({ people: 30, sessions: 50, dead: 0 });
  const withDead = await noticeLatency({ people: 30, sessions: 50, dead: 4 });
  const mass = await massLeave({ people: 10_000 });
  return [
    `A leaver with 50 sessions over 20 applications, from the answer to the last notice: p50 ${healthy.p50.toFixed(0)} ms, p99 ${healthy.p99.toFixed(0)} ms for ${healthy.notices} logout tokens; with 4 of the applications dead p50 ${withDead.p50.toFixed(0)} ms, p99 ${withDead.p99.toFixed(0)} ms for the ${withDead.notices} that can be delivered (wanted: p99 at most 1000).`,
    `10,000 people whose end date passes at once: everything they held ended after ${mass.endedSeconds.toFixed(1)} s (refused at use from the first moment), all ${mass.notices} logout tokens delivered after ${mass.drainedSeconds.toFixed(1)} s, all receipts signed after ${mass.signedSeconds.toFixed(1)} s.`,
  ];
}
