import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { RoamingVisitor } from '../../support/roaming-visitor.ts';
import type { RunningServer } from '../../support/running-server.ts';
import { type TwoServers, twoServers } from '../../support/two-servers.ts';
import { formWith, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from './a-sign-in.ts';

let servers: TwoServers;
let one: RunningServer;
let two: RunningServer;
let app: TestClient;

beforeAll(async () => {
  servers = await twoServers();
  ({ one, two } = servers);
  app = await aClient(one, { name: 'Order book' });
});
afterAll(() => servers.close());

describe('several servers on one database', () => {
  it('a sign-in started on one finishes on another', async () => {
    const person = await aPerson(one);
    const visitor = new RoamingVisitor(one, two);

    const consent = await visitor.signIn(await visitor.get(authorizeUrl(one, app)), person.userName, password);
    const end = await visitor.submit(consent, 'decision', { decision: 'approve' });

    expect(callback(end.url).code).toBeDefined();
  });

  it('SECURITY-LESSONS 22: forty guesses at once over both: exactly the free ones are looked at', async () => {
    const person = await aPerson(one);
    const pages = await Promise.all(
      [one, two].map(async (server) => {
        const visitor = new WebVisitor(server);
        return { visitor, page: await visitor.get(authorizeUrl(server, app)) };
      }),
    );

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const { visitor, page } = pages[index % 2] ?? pages[0] ?? never();
        return visitor.signIn(page, person.userName, `guess ${index}`);
      }),
    );

    const looked = answers.filter(({ status }) => status === 422);
    expect(looked).toHaveLength(throttleLimits.accountFromNetwork.free);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - looked.length);
  });

  it('SECURITY-LESSONS 38: what one request carried is never found in the answer to another', async () => {
    const marks = Array.from({ length: 30 }, (_, index) => `marker-${index}-${Math.random().toString(36).slice(2)}`);

    const pages = await Promise.all(
      marks.map(async (mark, index) => {
        const visitor = new WebVisitor(index % 2 ? one : two);
        const page = await visitor.get(authorizeUrl(one, app, { login_hint: `${mark}@hint`, state: mark }));
        const wrong = await visitor.signIn(page, mark, 'wrong');
        return [page, wrong, await visitor.get(`/authorize?client_id=${mark}`)];
      }),
    );

    pages.forEach((own, index) => {
      const html = own.map((page) => page.html).join('');
      expect(html).toContain(marks[index]);
      for (const [other, mark] of marks.entries()) if (other !== index) expect(html).not.toContain(mark);
      expect(new Set(own.map((page) => page.headers.get('X-Request-Id'))).size).toBe(own.length);
    });
  });

  it('OAuth errors shown to a person carry the request id under which the reason is recorded', async () => {
    const visitor = new WebVisitor(one);

    const page = await visitor.get(authorizeUrl(one, { ...app, redirectUri: 'https://evil.example/callback' }));

    const requestId = page.headers.get('X-Request-Id') ?? '';
    expect(page.status).toBe(400);
    expect(page.html).toContain(requestId);
    expect(page.html).not.toContain('evil.example');
    expect(page.forms).toEqual([]);
    const events = await one.foundation.read.query('SELECT reason FROM audit_events WHERE request_id = $1', [
      requestId,
    ]);
    expect(events.length).toBeGreaterThan(0);
  });

  it('metrics count sign-ins by result', async () => {
    const visitor = new WebVisitor(one);
    await visitor.signIn(await visitor.get(authorizeUrl(one, app)), 'nobody at all', 'wrong');

    const metrics = await (await fetch(`${one.origin}/metrics`)).text();

    expect(metrics).toMatch(/doorward_sign_ins_total\{result="refused"\} [1-9]/);
  });

  it('the login form of a signed-out browser has a token bound to its interaction', async () => {
    const [first, second] = await Promise.all(
      [one, two].map((server) => new WebVisitor(server).get(authorizeUrl(server, app))),
    );

    expect(first && formWith(first, 'username').hidden.csrf).not.toBe(
      second && formWith(second, 'username').hidden.csrf,
    );
  });
});

function never(): never {
  throw new Error('unreachable');
}
