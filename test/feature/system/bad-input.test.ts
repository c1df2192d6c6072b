import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdminApi } from '../../support/admin-api.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { countTables } from '../../support/tables.ts';

let server: TestServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

describe('bad input gets a clear answer and changes nothing (issue)', () => {
  const big = JSON.stringify({ userName: 'x'.repeat(1_100_000) });

  it.each([
    ['a body over 1 MB', 413, 'request.too_large', big, 'application/json'],
    ['invalid UTF-8', 400, 'request.not_utf8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'application/json'],
    ['NUL in a string', 422, 'request.text_invalid', '{"userName":"a\\u0000b"}', 'application/json'],
    ['a lone surrogate', 422, 'request.text_invalid', '{"userName":"a\\ud800b"}', 'application/json'],
    ['text that is not JSON', 400, 'request.not_json', '{"userName":', 'application/json'],
    ['a form', 415, 'request.media_type_unsupported', 'userName=x', 'application/x-www-form-urlencoded'],
    ['no content type', 415, 'request.media_type_unsupported', '{}', ''],
    [
      'an unknown field',
      422,
      'request.body_invalid',
      '{"userName":"x@example.com","isAdmin":true}',
      'application/json',
    ],
    ['a wrong type', 422, 'request.body_invalid', '{"userName":42}', 'application/json'],
    ['an array', 422, 'request.body_invalid', '[]', 'application/json'],
  ])('%s is a %i problem', async (_name, status, code, body, type) => {
    const url = await server.databaseUrl();
    const before = await countTables(url);

    const answer = await rawRequest(`${server.url}/admin/v1/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, ...(type ? { 'content-type': type } : {}) },
      body: body as string | Buffer,
    });
    const after = await countTables(url);

    const problem = JSON.parse(answer.text);
    expect(problem).toMatchObject({ status, code, requestId: answer.headers['x-request-id'] });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect({ ...after, audit_events: 0, audit_checkpoints: 0 }).toEqual({
      ...before,
      audit_events: 0,
      audit_checkpoints: 0,
    });
  });

  it('an unknown field is named by its pointer', async () => {
    const reply = await admin.call('POST', '/users', { userName: 'y@example.com', name: { nick: 'z' } });

    expect(reply.body.errors).toEqual([expect.objectContaining({ pointer: '/name/nick' })]);
  });

  it.each([
    ['/admin/v1/policies/evaluations', 'POST'],
    ['/admin/v1/keys', 'HEAD, GET'],
    ['/scim/v2/Users/.search', 'POST'],
  ])('RFC 9110 §15.5.6: another method at %s is told which there are', async (path, allowed) => {
    const answer = await rawRequest(`${server.url}${path}`, { method: 'OPTIONS' });

    expect([answer.status, answer.headers.allow]).toEqual([405, allowed]);
  });

  it.each(['/token', '/introspect', '/revoke', '/par'])(
    'a form over 1 MB at %s is refused without being read',
    async (path) => {
      const answer = await rawRequest(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `client_id=${'x'.repeat(1_100_000)}`,
      });

      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    },
  );
});
