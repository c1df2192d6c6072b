import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AdminApi, type AdminClient, adminApi } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, startServer, type TestServer, temporaryFolder } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { killTree } from './process-tree.ts';

jest.setTimeout(180_000);

const workers = 8;
const acknowledgementsBeforeTheKill = 120;
const resource = 'https://crash.example/api';

/** What the server said it had done. */
type Acknowledged = { users: string[]; tokens: string[]; requestIds: string[] };

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Creates people and issues tokens as fast as it can until the server is gone. */
async function load(
  admin: AdminApi,
  url: string,
  service: AdminClient,
  onAcknowledged: () => void,
): Promise<Acknowledged> {
  const done: Acknowledged = { users: [], tokens: [], requestIds: [] };
  const note = (requestId: string | null) => {
    if (requestId) done.requestIds.push(requestId);
    onAcknowledged();
  };
  const createUsers = async (worker: number) => {
    for (let count = 0; ; count += 1) {
      const reply = await admin.call('POST', '/users', {
        userName: `crash-${worker}-${count}-${randomBytes(4).toString('hex')}`,
      });
      if (reply.status !== 201) throw new Error(reply.text);
      done.users.push(String(reply.body.id));
      note(reply.headers.get('x-request-id'));
    }
  };
  const issueTokens = async () => {
    for (;;) {
      const answer = await fetch(`${url}/token`, {
        method: 'POST',
        headers: { authorization: basic(service) },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
      });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      if (!answer.ok) throw new Error(`token: ${answer.status}`);
      done.tokens.push(token);
      note(answer.headers.get('x-request-id'));
    }
  };
  const tasks = Array.from({ length: workers }, (_, worker) =>
    worker % 2 === 0 ? createUsers(worker) : issueTokens(),
  );
  // Each ends with the connection; an unfinished answer acknowledges nothing.
  await Promise.allSettled(tasks);
  return done;
}

const basic = ({ clientId, secret }: AdminClient) => `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;

async function aService(admin: AdminApi): Promise<AdminClient> {
  await admin.post('/resource-servers', {
    identifier: resource,
    name: 'Crash API',
    accessTokenFormat: 'opaque',
    permissions: [{ value: 'crash:read' }],
  });
  const { client_id, client_secret } = await admin.post('/clients', {
    client_name: 'Crash service',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    permissions: [{ resource, values: ['crash:read'] }],
  });
  return { clientId: String(client_id), secret: String(client_secret) };
}

async function isActive(url: string, service: AdminClient, token: string): Promise<boolean> {
  const answer = await fetch(`${url}/introspect`, {
    method: 'POST',
    headers: { authorization: basic(service) },
    body: new URLSearchParams({ token }),
  });
  return ((await answer.json()) as { active: boolean }).active;
}

async function filter<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (let at = 0; at < items.length; at += 16) {
    const part = items.slice(at, at + 16);
    const answers = await Promise.all(part.map(keep));
    kept.push(...part.filter((_, index) => answers[index]));
  }
  return kept;
}

describe('kill -9 under load (issue, "Crash test")', () => {
  it.each([
    ['of the server', false],
    ['of the whole tree, the database included', true],
  ])('%s loses no acknowledged user, token or audit event', async (name, isWholeTree) => {
    const dataDir = join(folder, isWholeTree ? 'tree' : 'server');
    const env = { DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    const port = await freePort();
    const first = await startServer({ dataDir, env, port });
    const admin = await first.admin();
    const service = await aService(admin);
    let left = acknowledgementsBeforeTheKill;
    const end = async () => {
      if (isWholeTree) await killTree(first.pid, dataDir);
      await first.kill();
    };
    let killed: Promise<void> | undefined;

    const done = await load(admin, first.url, service, () => {
      left -= 1;
      if (left === 0) killed = end();
    });
    await killed;
    const second = await startServer({ dataDir, env, port });
    const lost = await findLost(second, admin.client, service, done);
    await second.stop();

    expect({ name, enough: done.requestIds.length >= acknowledgementsBeforeTheKill }).toEqual({ name, enough: true });
    expect(lost).toEqual({ users: [], tokens: [], requestIds: [], brokenAt: [] });
  });
});

async function findLost(server: TestServer, client: AdminClient, service: AdminClient, done: Acknowledged) {
  const admin = await adminApi({ url: server.url, client });
  const users = await filter(done.users, async (id) => (await admin.call('GET', `/users/${id}`)).status !== 200);
  const tokens = await filter(done.tokens, async (token) => !(await isActive(server.url, service, token)));
  const url = await server.databaseUrl();
  const recorded = await queryOn<{ id: string }>(
    url,
    'SELECT DISTINCT request_id AS id FROM audit_events WHERE request_id = ANY($1)',
    [done.requestIds],
  );
  const known = new Set(recorded.map(({ id }) => id));
  await eventually(
    () => queryOn<{ open: number }>(url, 'SELECT count(*)::int AS open FROM audit_events WHERE sequence IS NULL'),
    ([row]) => row?.open === 0,
  );
  const broken = await queryOn<{ sequence: string }>(
    url,
    `SELECT sequence FROM (SELECT sequence, previous_hash, lag(hash) OVER w AS before, lag(sequence) OVER w AS last
       FROM audit_events WINDOW w AS (ORDER BY sequence)) chain
      WHERE last IS NOT NULL AND (previous_hash IS DISTINCT FROM before OR sequence <> last + 1)`,
  );
  return {
    users,
    tokens,
    requestIds: done.requestIds.filter((id) => !known.has(id)),
    brokenAt: broken.map(({ sequence }) => sequence),
  };
}
