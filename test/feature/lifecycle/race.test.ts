import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { UserAgent } from '../../support/user-agent.ts';
import { aPerson } from '../system/relying-party.ts';
import { type App, anApp, enter, post } from './counterparts.ts';

jest.setTimeout(120_000);

const ROUNDS = 5;
const BUSY = 4;

let servers: readonly RunningServer[];
let admin: AdminApi;
let app: App;

beforeAll(async () => {
  const one = await startServer();
  const keysDir = one.configuration.keysDir;
  const database = { url: one.configuration.databaseUrl ?? '', name: '', drop: async () => {} };
  const two = await startServer({ database, keysDir, issuer: one.issuer });
  servers = [one, two];
  admin = await adminApi({ url: one.issuer, client: await addAdminClient(database.url) });
  app = await anApp(admin, 'Busy app');
});

afterAll(async () => {
  for (const server of [...servers].reverse()) await server.stop();
});

type Held = { readonly tokens: string[]; readonly agents: UserAgent[] };

/** What a refused request answers holds no token. */
const keep = ({ tokens }: Held, ...got: readonly unknown[]): void =>
  void tokens.push(...got.filter((one): one is string => typeof one === 'string' && one !== ''));

/** Signs in, refreshes and signs in again by the session, on one process, until the server refuses. */
async function keepBusy(server: RunningServer, userName: string, held: Held, isOver: () => boolean): Promise<void> {
  const at = { issuer: server.issuer, url: server.origin };
  while (!isOver()) {
    const agent = new UserAgent({ via: { [at.issuer]: at.url } });
    held.agents.push(agent);
    try {
      for (let count = 0; count < 3; count += 1) {
        const tokens = await enter(at, app, { id: '', userName }, { agent });
        let refreshToken = tokens.refresh_token ?? '';
        keep(held, tokens.access_token, refreshToken);
        const { body } = await post(`${at.url}/token`, app, {
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
        });
        refreshToken = String(body.refresh_token ?? '');
        keep(held, body.access_token, refreshToken);
      }
    } catch {
      // Refused: they have left.
    }
  }
}

/** What still opens something, asked on both processes. */
async function stillOpen({ tokens, agents }: Held): Promise<string[]> {
  const open: string[] = [];
  for (const { issuer, origin } of servers) {
    for (const token of tokens) {
      const refreshed = await post(`${origin}/token`, app, { grant_type: 'refresh_token', refresh_token: token });
      const introspected = await post(`${origin}/introspect`, app, { token });
      if (refreshed.status === 200) open.push(`refresh token at ${origin}`);
      if (introspected.body.active === true) open.push(`token at ${origin}`);
    }
    for (const agent of agents) {
      const there = agent.through({ [issuer]: origin });
      const query = new URLSearchParams({
        client_id: app.clientId,
        response_type: 'code',
        scope: 'openid',
        prompt: 'none',
        redirect_uri: 'http://127.0.0.1:4999/callback',
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      });
      const { headers } = await there.send(`${issuer}/authorize?${query}`);
      if (!headers.get('location')?.includes('error=')) open.push(`session at ${origin}`);
    }
  }
  return open;
}

it('DESIGN §2d: whatever is under way on two processes when someone leaves, nothing they got opens anything, then or after a return', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { id, userName } = await aPerson(admin);
    const held: Held = { tokens: [], agents: [] };
    let isOver = false;
    const busy = Array.from({ length: BUSY }, (_, index) => {
      const server = servers[index % servers.length];
      if (!server) throw new Error('no server');
      return keepBusy(server, userName, held, () => isOver);
    });
    while (held.tokens.length < 12) await new Promise(setImmediate);

    await admin.patch(`/users/${id}`, { active: false });
    isOver = true;
    await Promise.all(busy);
    const after = await stillOpen(held);
    await admin.patch(`/users/${id}`, { active: true });
    const back = await stillOpen(held);

    expect({ round, after, back }).toEqual({ round, after: [], back: [] });
  }
  expect(servers.flatMap(({ errors }) => errors)).toEqual([]);
});
