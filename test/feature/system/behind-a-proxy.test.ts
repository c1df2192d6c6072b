import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AdminApi } from '../../support/admin-api.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { administrator, startServer, type TestServer } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { authorizationUrl, newPkce, UserAgent } from '../../support/user-agent.ts';
import { aPublicClient, redirectUri } from './relying-party.ts';

const issuer = 'https://id.example.com';
// Production hashes slowly on purpose; the least it allows.
const production = { NODE_ENV: 'production', DOORWARD_HOST: '127.0.0.1', DOORWARD_BCRYPT_COST: '10' };
const visitor = '203.0.113.9';

let open: TestServer;
let trusting: TestServer;
let admin: AdminApi;
let clientId: string;

beforeAll(async () => {
  open = await startServer({ issuer, env: production });
  trusting = await startServer({
    beside: open,
    env: { ...production, DOORWARD_TRUST_PROXY: '127.0.0.0/8,10.1.0.0/16' },
  });
  admin = await open.admin();
  clientId = await aPublicClient(admin, { first_party: false });
}, 60_000);

afterAll(async () => {
  await trusting?.stop();
  await open?.stop();
});

/** Which address the audit log has for a sign-in that is refused. */
async function recordedAddress(server: TestServer, forwardedFor: string): Promise<unknown> {
  const agent = new UserAgent({ via: { [issuer]: server.url.replace('localhost', '127.0.0.1') } });
  const page = await agent.visit(authorizationUrl({ issuer, clientId, redirectUri }, newPkce()));
  const userName = `nobody-${Math.random().toString(36).slice(2)}`;
  const form = page.text.match(/<form[^>]*action="([^"]+)"/)?.[1] ?? '';
  const fields = Object.fromEntries(
    [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const answer = await agent.send(new URL(form, page.url).href, {
    form: { ...fields, username: userName, password: 'not the password' } as Record<string, string>,
    headers: { 'x-forwarded-for': forwardedFor, 'x-real-ip': '198.51.100.77', forwarded: 'for=198.51.100.78' },
  });
  const requestId = answer.headers.get('x-request-id') ?? '';
  const rows = await queryOn<{ ip: string }>(
    await open.databaseUrl(),
    `SELECT ip_address AS ip FROM audit_events WHERE request_id = $1 AND type = 'sign-ins.refused'`,
    [requestId],
  );
  return rows[0]?.ip;
}

describe('behind a proxy that ends TLS (issue item 2)', () => {
  it('plain http upstream under an https issuer: addresses are https, cookies __Host- and Secure', async () => {
    const agent = new UserAgent({ via: { [issuer]: trusting.url } });

    const discovery = await agent.send(`${issuer}/.well-known/openid-configuration`);
    const login = await agent.visit(authorizationUrl({ issuer, clientId, redirectUri }, newPkce()));
    const consent = await agent.submit(login, 'username', {
      username: administrator.userName,
      password: administrator.password,
    });

    const session = agent.seenCookies.filter((cookie) => /session/i.test(cookie.split('=')[0] ?? ''));
    expect(discovery.text).not.toMatch(/"http:|127\.0\.0\.1|localhost/);
    expect(consent.text).toContain('name="decision"');
    expect(session.length).toBeGreaterThan(0);
    for (const cookie of session) expect(cookie).toMatch(/^__Host-/);
    for (const cookie of agent.seenCookies) expect(cookie).toMatch(/; *secure/i);
  });

  it.each([
    ['an untrusted peer is not believed', () => open, visitor, '127.0.0.1'],
    ['a trusted proxy is', () => trusting, visitor, visitor],
    ['only up to the first hop that is not one', () => trusting, `192.0.2.1, ${visitor}, 10.1.2.3`, visitor],
    ['nor is what it hands on unread', () => trusting, `${visitor}, not an address`, '127.0.0.1'],
    ['IPv6 has one spelling', () => trusting, '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['nor octal, hexadecimal and short forms of IPv4', () => trusting, '0177.0.0.1', '127.0.0.1'],
  ])('SECURITY-LESSONS 27: X-Forwarded-For: %s', async (_name, server, header, expected) => {
    expect(await recordedAddress(server(), header)).toBe(expected);
  });
});

const paths = [
  '/',
  '/account',
  '/integrate',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/authorize',
  '/logout',
  '/device',
  '/userinfo',
  '/jwks',
  '/interaction/nothing',
  '/admin/v1/users',
  '/admin/v1/openapi.json',
  '/no-such-page',
];

describe('SECURITY-LESSONS 29: the host a request names', () => {
  it('never shows in any answer, nor in where it redirects', async () => {
    const label = fc.stringMatching(/^[a-z]{1,8}$/);
    const host = fc.oneof(
      label.map((name) => `${name}.evil.example`),
      label.map((name) => `evil.example:${name}`),
      label.map((name) => `${name}@evil.example`),
      fc.constantFrom(
        'evil.example',
        'id.example.com.evil.example',
        'id.example.com:80@evil.example',
        'evil.example/x?',
      ),
    );
    const hostHeaders = fc.record({
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': fc.constantFrom('http', 'ftp', 'javascript'),
      'x-forwarded-port': fc.constantFrom('80', '8443'),
      'x-original-url': fc.constant('/evil.example'),
      forwarded: host.map((name) => `host=${name};proto=http;for=evil.example`),
    });

    await fc.assert(
      fc.asyncProperty(
        hostHeaders,
        fc.constantFrom(...paths),
        fc.constantFrom('text/html', 'application/json'),
        fc.boolean(),
        async (headers, path, accept, isTrusting) => {
          const server = isTrusting ? trusting : open;
          const answer = await rawRequest(`${server.url}${path}`, { headers: { ...headers, accept } });

          expect(JSON.stringify(answer.headers)).not.toContain('evil.example');
          expect(answer.text).not.toContain('evil.example');
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 150 },
    );
  });
});
