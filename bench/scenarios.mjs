// What is measured, written once and run against both servers.
import { createHash, randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { opaqueResource, resource, secret } from './fixture.mjs';
import { Connection, get, Jar, post } from './http-client.mjs';

const basic = (clientId) => ({ authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` });
const callback = 'http://localhost:4990/callback';
export const password = 'seven otters keep the ledger';

export function expect(answer, status) {
  if (answer.status !== status)
    throw new Error(
      `expected ${status}, got ${answer.status}: ${answer.body.slice(0, 400)} ${answer.headers.location ?? ''}`,
    );
  return answer;
}

const json = (answer) => JSON.parse(expect(answer, 200).body);

const service = (server, form) => post('/token', form, { host: server.host, headers: basic('bench-service') });

export function pkce() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export function authorizePath(challenge, extra = {}) {
  return `/authorize?${new URLSearchParams({
    client_id: 'bench-web',
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'bench',
    ...extra,
  })}`;
}

export const path = (location) => (location.startsWith('http') ? location.slice(location.indexOf('/', 8)) : location);

export async function follow(connection, server, jar, answer) {
  let current = answer;
  while (current.status >= 300 && current.status < 400 && !current.headers.location.startsWith(callback)) {
    current = jar.take(
      await connection.send(
        get(path(current.headers.location), { host: server.host, headers: { cookie: jar.header } }),
      ),
    );
  }
  return current;
}

export const hidden = (html) =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
      /name="([^"]*)"/.exec(tag)?.[1],
      /value="([^"]*)"/.exec(tag)?.[1],
    ]),
  );

export async function redeem(connection, server, location, verifier) {
  const code = new URL(location).searchParams.get('code');
  if (code === null) throw new Error(`no code in ${location}`);
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier };
  return json(await connection.send(post('/token', form, { host: server.host, headers: basic('bench-web') })));
}

/** The whole flow with a sign-in page between; answers the tokens and the signed-in browser. */
export async function signIn(connection, server, userName) {
  const jar = new Jar();
  const { verifier, challenge } = pkce();
  const first = jar.take(await connection.send(get(authorizePath(challenge), { host: server.host })));
  let page = await follow(connection, server, jar, first);
  for (let step = 0; page.status === 200 && step < 3; step += 1) {
    const action =
      /<form[^>]*action="([^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? path(lastLocation(jar, first));
    const fields = /name="username"/.test(page.body) ? { username: userName, password } : { decision: 'approve' };
    const form = { ...hidden(page.body), ...fields };
    page = await follow(
      connection,
      server,
      jar,
      jar.take(await connection.send(post(path(action), form, { host: server.host, headers: { cookie: jar.header } }))),
    );
  }
  const tokens = await redeem(connection, server, expect(page, 303).headers.location, verifier);
  return { jar, tokens };
}

const lastLocation = (_jar, answer) => answer.headers.location;

export async function prepared(server, count, make) {
  const connection = new Connection(server.address);
  const made = [];
  for (let index = 0; index < count; index += 1) made.push(await make(connection, index));
  connection.close();
  return made;
}

/** What one comparison at the bench's cost takes on this machine. */
async function hashMicros() {
  const hash = await bcrypt.hash(password, 4);
  const rounds = 200;
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) bcrypt.compareSync(password, hash);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

/** Each scenario: `prepare(server, connections)` answers the step that one connection repeats. */
export const scenarios = [
  {
    name: 'client_credentials, JWT',
    needed: 0.85,
    async prepare(server) {
      const request = service(server, { grant_type: 'client_credentials', scope: 'orders:read', resource });
      return async (connection) => json(await connection.send(request));
    },
  },
  {
    name: 'client_credentials, opaque',
    needed: 0.7,
    async prepare(server) {
      const request = service(server, {
        grant_type: 'client_credentials',
        scope: 'stock:read',
        resource: opaqueResource,
      });
      return async (connection) => json(await connection.send(request));
    },
  },
  {
    name: 'introspection',
    needed: 0.85,
    async prepare(server, connections) {
      const tokens = await prepared(server, connections, async (connection) =>
        json(
          await connection.send(
            service(server, { grant_type: 'client_credentials', scope: 'stock:read', resource: opaqueResource }),
          ),
        ),
      );
      const requests = tokens.map(({ access_token }) =>
        post('/introspect', { token: access_token }, { host: server.host, headers: basic('bench-service') }),
      );
      return async (connection, index) => {
        if (!json(await connection.send(requests[index])).active) throw new Error('not active');
      };
    },
  },
  {
    name: 'userinfo',
    needed: 0.85,
    async prepare(server, connections) {
      const people = await prepared(server, connections, (connection, index) =>
        signIn(connection, server, server.userName(index)),
      );
      const requests = people.map(({ tokens }) =>
        get('/userinfo', { host: server.host, headers: { authorization: `Bearer ${tokens.access_token}` } }),
      );
      return async (connection, index) => void json(await connection.send(requests[index]));
    },
  },
  {
    name: 'refresh',
    needed: 0.7,
    async prepare(server, connections) {
      const people = await prepared(server, connections, (connection, index) =>
        signIn(connection, server, server.userName(index)),
      );
      const current = people.map(({ tokens }) => tokens.refresh_token);
      return async (connection, index) => {
        const form = { grant_type: 'refresh_token', refresh_token: current[index] };
        current[index] = json(
          await connection.send(post('/token', form, { host: server.host, headers: basic('bench-web') })),
        ).refresh_token;
      };
    },
  },
  {
    name: 'SSO code flow (already signed in)',
    needed: 0.85,
    async prepare(server, connections) {
      const people = await prepared(server, connections, (connection, index) =>
        signIn(connection, server, server.userName(index)),
      );
      return async (connection, index) => {
        const { verifier, challenge } = pkce();
        const { jar } = people[index];
        const answer = jar.take(
          await connection.send(
            get(authorizePath(challenge, { scope: 'openid profile email' }), {
              host: server.host,
              headers: { cookie: jar.header },
            }),
          ),
        );
        await redeem(connection, server, expect(answer, 303).headers.location, verifier);
      };
    },
  },
  {
    name: 'full sign-in with password',
    // Server CPU, without the hash, against bare, which hashes nothing.
    cpuAtMost: 1.5,
    excludedMicros: hashMicros,
    async prepare(server) {
      return async (connection, index) => void (await signIn(connection, server, server.userName(index)));
    },
  },
  {
    name: 'discovery',
    needed: 2,
    async prepare(server) {
      const request = get('/.well-known/openid-configuration', { host: server.host });
      return async (connection) => void expect(await connection.send(request), 200);
    },
  },
  {
    name: 'JWKS',
    needed: 2,
    async prepare(server) {
      const request = get('/jwks', { host: server.host });
      return async (connection) => void expect(await connection.send(request), 200);
    },
  },
];
