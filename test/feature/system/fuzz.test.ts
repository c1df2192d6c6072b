import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { AdminApi, Json } from '../../support/admin-api.ts';
import { type RawAnswer, rawRequest } from '../../support/raw-request.ts';
import { bodiesOf } from '../../support/sample-inputs.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { UserAgent } from '../../support/user-agent.ts';
import { contentType, encode, hostileText, jsonBody } from './hostile-input.ts';
import { aPerson, aPublicClient } from './relying-party.ts';

/** Set FUZZ_EFFORT=20 to look for longer. */
const effort = Number(process.env.FUZZ_EFFORT ?? 1);

jest.setTimeout(120_000 * effort);

type Operation = {
  readonly method: string;
  readonly path: string;
  readonly takesBody: boolean;
  readonly query: string[];
  /** Of its body, where that is JSON. */
  readonly schema: Json | undefined;
};

let server: TestServer;
let admin: AdminApi;
let operations: readonly Operation[];
/** One that is there, by the first word of an address. */
let there: Readonly<Record<string, string>>;
let ids: readonly string[];

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  operations = operationsOf(await admin.get('/openapi.json'));
  ids = [(await aPerson(admin)).id, await aPublicClient(admin)];
  const [users = '', clients = ''] = ids;
  const [group, organization, role, resourceServer] = await Promise.all([
    admin.post('/groups', { displayName: 'Fuzzed' }),
    admin.post('/organizations', { name: 'Fuzzed' }),
    admin.post('/roles', { name: 'fuzzed' }),
    admin.post('/resource-servers', { identifier: 'https://fuzzed.example', name: 'Fuzzed' }),
  ]);
  there = {
    users,
    clients,
    groups: String(group.id),
    organizations: String(organization.id),
    roles: String(role.id),
    'resource-servers': String(resourceServer.id),
  };
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

function operationsOf(document: Record<string, unknown>): Operation[] {
  type Body = { content: Record<string, { schema: Json }> };
  type Item = Record<string, { parameters?: { in: string; name: string }[]; requestBody?: Body }>;
  return Object.entries(document.paths as Record<string, Item>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      takesBody: operation.requestBody !== undefined,
      query: (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      schema: Object.entries(operation.requestBody?.content ?? {}).find(([type]) => type.includes('json'))?.[1].schema,
    })),
  );
}

function expectAnswered(answer: RawAnswer, what: unknown): void {
  if (answer.status >= 500) throw new Error(`${answer.status} for ${JSON.stringify(what)}: ${answer.text}`);
  // Node's own parser refuses more than 16 KB of headers before anyone else sees them.
  if (answer.status !== 431) expect(answer.headers['x-request-id']).toBeDefined();
  expect(answer.headers['x-injected']).toBeUndefined();
  expect(answer.text).not.toMatch(/\bat [\w.]+ \(|node_modules|SELECT |INSERT /);
}

const WRONG_IDS = ['0', '+4\u{24bef}\u00c9', '01900000-0000-7000-8000-00000000dead'];

/** Wrong in the address, or right there and wrong in the body. */
async function withWrongIds({ method, path, schema }: Operation): Promise<readonly number[]> {
  const statuses: number[] = [];
  const own = there[path.split('/')[3] ?? ''];
  const owns = own === undefined || method === 'DELETE' ? [] : [path.replace(/\{\w+\}/, own)];
  for (const id of WRONG_IDS)
    for (const at of [path, ...owns].map((one) => one.replaceAll(/\{\w+\}/g, encodeURIComponent(id))))
      for (const body of schema === undefined ? [undefined] : bodiesOf(schema, () => id)) {
        const answer = await rawRequest(`${server.url}${at}`, {
          method,
          headers: {
            authorization: `Bearer ${admin.token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        expectAnswered(answer, { method, at, body });
        statuses.push(answer.status);
      }
  return statuses;
}

// First: the fuzzer below uses up the codes one network may try.
it('RFC 8628 §3.3: a browser that posts the device page without a session gets one, and can go on', async () => {
  const agent = new UserAgent({ via: { [server.issuer]: server.url } });
  const first = await agent.send(`${server.issuer}/device`, { form: { user_code: 'ABCD-EFGH', xsrf: 'made up' } });
  const second = await agent.submit(first, 'user_code', { user_code: 'ABCD-EFGH' });

  expect(first.status).toBe(400);
  expect([...agent.cookies.keys()].join()).toMatch(/session/);
  expect(second.text).toMatch(/ABCD|code/);
  expect(second.text).not.toBe(first.text);
});

describe('SECURITY-LESSONS 37: parser robustness, never a 5xx', () => {
  it('every operation of the admin API, whatever comes as id, query, body and precondition', async () => {
    const anOperation = fc.integer({ min: 0, max: 9999 }).map((at) => operations[at % operations.length] as Operation);

    await fc.assert(
      fc.asyncProperty(
        anOperation,
        fc.array(
          fc.oneof(
            hostileText,
            fc.constantFrom(0, 1).map((at) => ids[at] ?? ''),
          ),
          { minLength: 3, maxLength: 3 },
        ),
        fc.array(hostileText, { maxLength: 3 }),
        jsonBody,
        contentType,
        fc.constantFrom('', '"1"', 'W/"1"', '*', '"999999999999"', 'junk'),
        async (operation, pathValues, queryValues, body, type, ifMatch) => {
          let at = 0;
          const path = operation.path.replace(/\{\w+\}/g, () => encode(pathValues[at++] ?? 'x') || 'x');
          const query = queryValues
            .map((value, index) => `${operation.query[index] ?? 'x'}=${encode(value)}`)
            .join('&');
          const request = { path, query, body: operation.takesBody ? body : undefined, type, method: operation.method };

          const answer = await rawRequest(`${server.url}${path}${query ? `?${query}` : ''}`, {
            method: operation.method,
            headers: {
              authorization: `Bearer ${admin.token}`,
              ...(type && operation.takesBody ? { 'content-type': type } : {}),
              ...(ifMatch ? { 'if-match': ifMatch } : {}),
            },
            ...(operation.takesBody ? { body: Buffer.from(body, 'utf8') } : {}),
          });

          expectAnswered(answer, request);
        },
      ),
      { numRuns: 600 * effort },
    );
  });

  it('every operation of the admin API, with a body that is right and ids that are none', async () => {
    const named = operations.filter(({ path }) => path.includes('{'));
    const answers = await Promise.all(named.map((operation) => withWrongIds(operation)));

    expect(named.length).toBeGreaterThan(60);
    expect(answers.flat().length).toBeGreaterThan(1000);
  });

  it('every OAuth endpoint and page, whatever comes as parameters', async () => {
    const endpoints = [
      'GET /authorize', 'POST /token', 'POST /introspect', 'POST /revoke', 'POST /par', 'POST /device/authorize',
      'POST /device/auth', 'GET /device', 'POST /device', 'GET /userinfo', 'POST /userinfo', 'POST /register',
      'GET /logout', 'POST /logout', 'POST /logout/confirm', 'GET /interaction/x', 'POST /interaction/x',
      'POST /interaction/x/login', 'POST /interaction/x/consent', 'GET /authorize/x', 'GET /account',
      'POST /account/password', 'GET /account/set-password', 'POST /account/set-password', 'GET /problems/x',
      'GET /register/x', 'PUT /register/x', 'GET /.well-known/openid-configuration', 'GET /health/ready', 'GET /metrics',
    ]; // biome-ignore format: one list
    const name = fc.constantFrom(
      'client_id', 'client_secret', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt',
      'max_age', 'claims', 'acr_values', 'request', 'request_uri', 'resource', 'code', 'code_verifier', 'code_challenge',
      'code_challenge_method', 'grant_type', 'refresh_token', 'token', 'token_type_hint', 'id_token_hint', 'login_hint',
      'post_logout_redirect_uri', 'user_code', 'device_code', 'username', 'password', 'decision', 'client_assertion',
      'client_assertion_type', 'dpop_jkt', 'ui_locales',
    ); // biome-ignore format: one list
    const known = fc.constantFrom(
      'code',
      'openid',
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'S256',
      'none',
      'query',
      'form_post',
      'jwt',
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      'a.b.c',
    );
    const value = fc.oneof(
      hostileText,
      known,
      fc.json({ maxDepth: 2 }),
      fc.constant(null).map(() => ids[1] ?? ''),
    );
    const header = fc.record(
      {
        authorization: fc.oneof(
          fc.constantFrom('Basic', 'Basic %%%', 'Basic Og==', 'Bearer', 'Bearer x y', 'DPoP x', 'Basic AP8='),
          fc.stringMatching(/^(Basic|Bearer|DPoP) [A-Za-z0-9+/=._-]{0,60}$/),
        ),
        cookie: fc.stringMatching(/^_(session|interaction)=[\x21-\x7e]{0,40}$/),
        dpop: fc.stringMatching(/^[\w.-]{0,80}$/),
        origin: fc.constantFrom('null', 'https://evil.example', 'javascript:', 'http://127.0.0.1:4999'),
        'content-type': contentType,
        'accept-language': fc.constantFrom('xx', '*', ';;q=9'),
      },
      { requiredKeys: [] },
    );

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...endpoints),
        fc.array(fc.tuple(name, value), { maxLength: 8 }),
        header,
        fc.option(jsonBody, { nil: undefined, freq: 4 }),
        async (endpoint, parameters, headers, junk) => {
          const [method = 'GET', path = '/'] = endpoint.split(' ');
          const encoded = parameters.map(([key, text]) => `${key}=${encode(text)}`).join('&');
          const isForm = method !== 'GET';
          const type = headers['content-type'] || 'application/x-www-form-urlencoded';

          const answer = await rawRequest(`${server.url}${path}${isForm || !encoded ? '' : `?${encoded}`}`, {
            method,
            headers: isForm ? { ...headers, 'content-type': type } : withoutType(headers),
            ...(isForm ? { body: Buffer.from(junk ?? encoded) } : {}),
          });

          expectAnswered(answer, { endpoint, encoded, headers, junk });
        },
      ),
      { numRuns: 900 * effort },
    );
  });
});

function withoutType<T extends Record<string, string>>({
  'content-type': _,
  ...headers
}: T & { 'content-type'?: string }) {
  return headers as Record<string, string>;
}

it('OIDC Core §3.1.2.6: the way back from an interaction that is not there ends at a page, whatever is asked beside it', async () => {
  const answer = await rawRequest(`${server.url}/authorize/nothing?client_id=${ids[1]}`, {
    headers: { accept: 'text/html' },
  });

  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toMatch(/^text\/html/);
});

it('nothing of all this was an error of the server', () => {
  const errors = server
    .logs()
    .split('\n')
    .filter((line) => /"level":"(error|fatal)"/.test(line));

  expect(errors).toEqual([]);
});
