import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemKinds } from '../../../src/endpoints/http/problem.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

describe('the start page', () => {
  it('shows issuer and discovery, and how to make the first administrator while there is none', async () => {
    const page = await new WebVisitor(server).get('/');

    expect(page.html).toContain(`${server.issuer}/.well-known/openid-configuration`);
    expect(page.html).toContain('Create the administrator');
  });

  it('says who is signed in', async () => {
    const person = await aPerson(server, { displayName: 'Ada Archer' });
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get('/account/sign-in'), person.userName, password);

    const page = await visitor.get('/integrate');

    expect(page.html).toContain('Ada Archer');
    expect(titleOf(page)).toContain('Connect an app');
  });

  it('RFC 9457 §3.1.1: every problem type leads to a page that explains it', async () => {
    const visitor = new WebVisitor(server);
    const kinds = [...Object.keys(problemKinds), 'server_error'];

    const pages = await Promise.all(kinds.map((kind) => visitor.get(`/problems/${kind}`)));

    expect(pages.map(({ status }) => status)).toEqual(kinds.map(() => 200));
    expect((await visitor.get('/problems/made-up')).status).toBe(404);
  });

  it.each(['/', '/integrate', '/account', '/account/password', '/problems/invalid'])(
    'RFC 9110 §15.5.6: DELETE %s is refused with what is allowed',
    async (path) => {
      const { answer } = await new WebVisitor(server).request(path, { method: 'DELETE' });

      expect(answer.status).toBe(405);
      expect(answer.headers.get('Allow')).toContain('GET');
    },
  );

  it('SECURITY-LESSONS 29: addresses come from the issuer, not from Host or X-Forwarded-*', async () => {
    const headers = {
      'X-Forwarded-Host': 'evil.example',
      Forwarded: 'host=evil.example',
      'X-Forwarded-Proto': 'https',
    };

    const pages = await Promise.all(
      ['/', '/integrate', '/account'].map((path) => new WebVisitor(server).get(path, headers)),
    );

    for (const page of pages) {
      expect(page.html).not.toContain('evil.example');
      expect(page.url.startsWith(server.issuer)).toBe(true);
    }
  });
});
