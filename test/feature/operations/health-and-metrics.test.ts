import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdminApi } from '../../support/admin-api.ts';
import { freshDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { root, run, startServer, type TestServer } from '../../support/server.ts';
import { onDatabase } from '../../support/tables.ts';
import { authorizationUrl, newPkce, UserAgent } from '../../support/user-agent.ts';
import { aPerson, aPublicClient, redirectUri, tokensFor } from '../system/relying-party.ts';

let server: TestServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

type Ready = { status: string; checks: { name: string; status: string; detail?: string }[] };
const ready = async (of: TestServer) => (await (await fetch(`${of.url}/health/ready`)).json()) as Ready;
const metrics = async () => (await fetch(`${server.url}/metrics`)).text();

/** The value of one line of the exposition; 0 when it is not there yet. */
async function sampleOf(line: string): Promise<number> {
  const text = await metrics();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.split(' ')[1] ?? 0,
  );
}

describe('health (issue item 10)', () => {
  it('/health/ready names the database, the migrations and the keys', async () => {
    const answer = await fetch(`${server.url}/health/ready`);
    const { status, checks } = (await answer.json()) as Ready;

    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(status).toBe('ok');
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'migrations', 'keys']));
  });

  it('a database that is gone makes it unready but not dead, and it comes back by itself', async () => {
    const database = await freshDatabase();
    const other = await startServer({ database });
    const { name } = database;
    const maintenance = new URL(database.url);
    maintenance.pathname = '/postgres';
    const set = (isAllowed: boolean) =>
      onDatabase(maintenance.href, async (client) => {
        await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isAllowed}`);
        if (!isAllowed)
          await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      });

    await set(false);
    const during = await eventually(
      () => ready(other),
      ({ status }) => status !== 'ok',
    );
    const live = await fetch(`${other.url}/health/live`);
    await set(true);
    const after = await eventually(
      () => ready(other),
      ({ status }) => status === 'ok',
    );
    const code = await other.stop();
    await database.drop();

    expect(during.checks.find((check) => check.name === 'database')?.status).toBe('failed');
    expect(JSON.stringify(during)).not.toMatch(/postgresql:|password/);
    expect(live.status).toBe(200);
    expect(after.status).toBe('ok');
    expect(code).toBe(0);
  }, 60_000);

  it('the health check of the image passes for a server that is ready and fails where there is none', async () => {
    const program = join(root, 'scripts', 'healthcheck.mjs');
    const port = new URL(server.url).port;

    const good = run([program], { DOORWARD_PORT: port });
    const bad = run([program], { DOORWARD_PORT: '1' });

    expect(await good.exited).toBe(0);
    expect(await bad.exited).toBe(1);
  });
});

describe('metrics (issue item 10)', () => {
  it('count sign-ins by result and tokens by grant', async () => {
    const clientId = await aPublicClient(admin);
    const { userName } = await aPerson(admin);
    const before = {
      succeeded: await sampleOf('doorward_sign_ins_total{result="succeeded"}'),
      refused: await sampleOf('doorward_sign_ins_total{result="refused"}'),
    };

    await tokensFor(server, { clientId, userName });
    const agent = new UserAgent({ via: { [server.issuer]: server.url } });
    const page = await agent.visit(authorizationUrl({ issuer: server.issuer, clientId, redirectUri }, newPkce()));
    await agent.submit(page, 'username', { username: userName, password: 'not the password' });
    const text = await metrics();

    expect(await sampleOf('doorward_sign_ins_total{result="succeeded"}')).toBe(before.succeeded + 1);
    expect(await sampleOf('doorward_sign_ins_total{result="refused"}')).toBe(before.refused + 1);
    expect(text).toMatch(/doorward_tokens_issued_total\{[^}]*grant_type="authorization_code"[^}]*\} [1-9]/);
  });

  it('count requests by route pattern: no id, token or address of anyone becomes a label', async () => {
    const { id } = await aPerson(admin);
    await admin.get(`/users/${id}`);
    await fetch(`${server.url}/interaction/an-interaction-id`);
    await fetch(`${server.url}/somebody-types-anything`);

    const text = await metrics();
    const routes = [...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route);

    expect(text).not.toContain(id);
    expect(text).not.toMatch(/an-interaction-id|somebody-types-anything|@example\.com/);
    expect(new Set(routes).size).toBeLessThan(60);
  });

  it('tell about the pool, the event loop, the hashing queue, the outbox and unsealed audit rows', async () => {
    const text = await metrics();

    for (const name of [
      'doorward_database_connections',
      'doorward_hashing_waiting',
      'doorward_outbox_due_messages',
      'doorward_audit_unsealed_rows',
      'doorward_nodejs_eventloop_lag_seconds',
    ]) {
      expect(text).toMatch(new RegExp(`^${name} [0-9.e+-]+$`, 'm'));
    }
  });

  it('are all in docs/reference/metrics.md', async () => {
    const page = await readFile(join(root, 'docs', 'reference', 'metrics.md'), 'utf8');
    const names = [...(await metrics()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '');
    const ofLinuxOnly = /_(open_fds|max_fds|virtual_memory_bytes|heap_bytes)$/;

    expect(names.filter((name) => !ofLinuxOnly.test(name) && !page.includes(`\`${name}\``))).toEqual([]);
  });
});
