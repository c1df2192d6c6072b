import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rawRequest } from '../../support/raw-request.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

const token = 'a-token-for-the-scraper-0123456789';
const production = { NODE_ENV: 'production', DOORWARD_BCRYPT_COST: '10' };
const issuer = 'https://id.example.com';

let closed: RunningServer;
let behindProxy: RunningServer;
let guarded: RunningServer;
let development: RunningServer;

beforeAll(async () => {
  closed = await startServer({ issuer, env: production });
  behindProxy = await startServer({ issuer, env: { ...production, DOORWARD_TRUST_PROXY: '127.0.0.1' } });
  guarded = await startServer({ env: { DOORWARD_METRICS_TOKEN: token } });
  development = await startServer();
});
afterAll(async () => {
  for (const server of [closed, behindProxy, guarded, development]) await server?.stop();
});

const ask = ({ origin }: RunningServer, headers: Record<string, string> = {}) =>
  rawRequest(`${origin}/metrics`, { headers: { accept: 'application/json', ...headers } });

describe('who may read /metrics (SECURITY-LESSONS 18)', () => {
  it('production without a token: a program on the same machine', async () => {
    for (const server of [closed, behindProxy]) {
      const { status, text } = await ask(server);

      expect(status).toBe(200);
      expect(text).toContain('doorward_http_request_duration_seconds');
    }
  });

  it.each([
    ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.9' }],
    ['X-Forwarded-For that claims loopback', { 'x-forwarded-for': '127.0.0.1' }],
    ['Forwarded', { forwarded: 'for=203.0.113.9' }],
    ['X-Real-IP', { 'x-real-ip': '203.0.113.9' }],
    ['X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
    ['Via', { via: '1.1 proxy' }],
    ['the public Host', { host: 'id.example.com' }],
    ['a Host that is no loopback name (DNS rebinding)', { host: 'localhost.attacker.example:3000' }],
    ['a Host that names nothing', { host: '%' }],
    ['a token, where none is set', { 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${token}` }],
  ])('production without a token: whoever comes through a proxy on this machine gets 403 (%s)', async (_, headers) => {
    for (const server of [closed, behindProxy]) {
      const { status, text, headers: answered } = await ask(server, headers);

      expect(status).toBe(403);
      expect(text).toContain('DOORWARD_METRICS_TOKEN');
      expect(text).not.toContain('doorward_http_request');
      expect(answered['www-authenticate']).toBeUndefined();
    }
  });

  it.each([
    ['none', {}],
    ['another token', { authorization: `Bearer ${token}x` }],
    ['a part of it', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['it in another scheme', { authorization: `Basic ${token}` }],
    ['an empty one', { authorization: 'Bearer ' }],
  ])('with a token it is asked of everyone, loopback in development too: %s is 401', async (_, headers) => {
    const { status, headers: answered, text } = await ask(guarded, headers);

    expect(status).toBe(401);
    expect(answered['www-authenticate']).toMatch(/^Bearer realm="metrics"/);
    expect(text).not.toContain(token);
  });

  it('RFC 6750 §2.1: the token in the header opens it from anywhere, and nowhere else does it count', async () => {
    const through = { 'x-forwarded-for': '203.0.113.9', host: 'id.example.com', authorization: `Bearer ${token}` };

    expect((await ask(guarded, through)).status).toBe(200);
    expect((await rawRequest(`${guarded.origin}/metrics?access_token=${token}`)).status).toBe(401);
  });

  it('development without a token: open, as far as loopback goes', async () => {
    expect((await ask(development)).status).toBe(200);
  });
});
