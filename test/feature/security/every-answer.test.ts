import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawAnswer, rawRequest } from '../../support/raw-request.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { aClient, authorizeUrl } from '../interaction/a-sign-in.ts';

/** Every address, by every method, as whoever may ask: what each answer carries and what it never does. */
const paths = [
  ...['/', '/integrate', '/nothing-here', '/%', '/%00', '/problems/invalid', '/dev/mail', '/console', '/recover'],
  ...['/authorize', '/authorize?client_id=nobody&redirect_uri=https://evil.example', '/authorize/an-id'],
  ...['/token', '/userinfo', '/jwks', '/introspect', '/revoke', '/par', '/register', '/register/an-id'],
  ...['/device', '/device/authorize', '/device?user_code=BBBB-BBBB', '/device/an-id'],
  ...['/logout', '/logout?post_logout_redirect_uri=https://evil.example', '/logout/confirm', '/logout/success'],
  ...['/interaction/an-id', '/interaction/an-id/login', '/interaction/an-id/consent'],
  ...['/account', '/account/sign-in', '/account/password', '/account/set-password', '/account/set-password?token=x'],
  ...['/account/callback?error=x&state=%0d%0aSet-Cookie:%20a=b', '/admin/v1/users', '/admin/v1/nothing', '/admin/v1'],
  ...['/admin/v1/openapi.json', '/health/live', '/health/ready', '/metrics'],
  ...['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/assets/doorward.css'],
] as const;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const PUBLIC = /^\/(?:\.well-known\/|jwks$|assets\/|admin\/v1\/openapi\.json$)/;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** What a proxy that is not ours, or nobody at all, may claim. */
const claims = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'gopher',
  'x-forwarded-port': 'gopher',
  'x-forwarded-prefix': '/evil.example',
  'x-original-url': '/evil.example',
  'x-rewrite-url': '/evil.example',
  'x-real-ip': '203.0.113.9',
  forwarded: 'host=evil.example;proto=gopher;for=203.0.113.9',
  origin: 'https://evil.example',
  'x-http-method-override': 'DELETE',
} as const;

describe.each(['http', 'https'])('with an %s issuer', (scheme) => {
  let server: RunningServer;
  beforeAll(async () => {
    const issuer = scheme === 'https' ? 'https://id.example.com' : undefined;
    const production = { NODE_ENV: 'production', DOORWARD_TRUST_PROXY: '192.0.2.1', DOORWARD_BCRYPT_COST: '10' };
    server = await startServer(issuer === undefined ? {} : { issuer, env: production });
  });
  afterAll(async () => {
    expect(server.errors).toEqual([]);
    await server.stop();
  });

  const ask = (path: string, method: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    rawRequest(server.origin + path, { method, headers, ...(method === 'POST' ? { body: 'a=b' } : {}) });

  it.each(paths)('%s: hardened by every method, and kept by nobody unless it is for everyone', async (path) => {
    for (const method of methods) {
      for (const accept of ['text/html', 'application/json']) {
        const { status, headers } = await ask(path, method, { accept, ...FORM });
        const where = `${method} ${path} ${accept} ${status}`;
        expect([where, status < 500]).toEqual([where, true]);
        expect([
          where,
          headers['x-content-type-options'],
          headers['x-frame-options'],
          headers['referrer-policy'],
        ]).toEqual([where, 'nosniff', 'DENY', 'no-referrer']);
        expect([where, headers['content-security-policy']]).toEqual([
          where,
          expect.stringMatching(/^(?!.*unsafe-)(?!.*https?:).*base-uri 'none'/),
        ]);
        expect([where, headers['strict-transport-security'] !== undefined]).toEqual([where, scheme === 'https']);
        expect([where, String(headers['x-request-id'])]).toEqual([where, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
        expect([where, headers.server, headers['x-powered-by']]).toEqual([where, undefined, undefined]);
        if (!PUBLIC.test(path) && /html|json/.test(String(headers['content-type'])) && method !== 'OPTIONS')
          expect([where, headers['cache-control']]).toEqual([where, expect.stringContaining('no-store')]);
      }
    }
  });

  it.each(paths)('SECURITY-LESSONS 29: %s takes no address from the request', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      for (const [name, value] of Object.entries(claims)) {
        const plain = path.replaceAll('evil.example', 'other.example');
        const { status, headers, text } = await ask(plain, method, { accept: 'text/html', ...FORM, [name]: value });
        const where = `${method} ${plain} with ${name} ${status}`;
        expect([where, status < 500]).toEqual([where, true]);
        const reflected = JSON.stringify({ ...headers, text });
        expect([where, /evil\.example|gopher/.test(reflected)]).toEqual([where, false]);
      }
    }
  });

  it('cookies: HttpOnly, SameSite=Lax, for this host alone; on https Secure and with a prefix', async () => {
    const client = await aClient(server, { redirectUri: 'https://rp.example.com/cb' });
    const begin = new URL(authorizeUrl(server, client));
    const seen = (
      await Promise.all(
        [...paths, `${begin.pathname}${begin.search}`].flatMap((path) =>
          ['GET', 'POST'].map((method) => ask(path, method, { accept: 'text/html', ...FORM })),
        ),
      )
    ).flatMap(({ headers }) => headers['set-cookie'] ?? []);

    expect(seen.length).toBeGreaterThan(3);
    for (const line of seen) {
      const [name = '', ...attributes] = line.toLowerCase().split(/; ?/);
      expect([line, attributes.includes('httponly'), attributes.includes('samesite=lax')]).toEqual([line, true, true]);
      expect([line, attributes.some((one) => one.startsWith('domain='))]).toEqual([line, false]);
      expect([line, attributes.includes('secure')]).toEqual([line, scheme === 'https']);
      if (scheme === 'https' && !name.startsWith('doorward_return='))
        expect([line, /^__(?:host|secure)-/.test(name)]).toEqual([line, true]);
    }
  });
});
