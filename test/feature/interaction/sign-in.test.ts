import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from './a-sign-in.ts';

let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true, name: 'Orders' });
});
afterAll(async () => {
  await server.stop();
});

const eventsOf = (requestId: string | null) =>
  server.foundation.read.query<{ type: string; reason: string | null; actor_id: string; client_id: string | null }>(
    'SELECT type, reason, actor_id, client_id FROM audit_events WHERE request_id = $1 ORDER BY id',
    [requestId],
  );

const sessionsOf = (userId: string) =>
  server.foundation.read.query(
    `SELECT 1 FROM provider_records WHERE account_id = $1 AND model = 'Session' AND ended_at IS NULL`,
    [userId],
  );

describe('DESIGN §8 "Login form"', () => {
  it('user name and password on one page lead back to the application with a code and iss (RFC 9207)', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);

    const page = await visitor.get(authorizeUrl(server, app));
    const end = await visitor.signIn(page, person.userName, password);

    expect(titleOf(page)).toContain('Sign in');
    expect(page.html).toContain('Orders');
    expect(callback(end.url)).toEqual({ code: expect.any(String), iss: server.issuer, state: 'a state' });
  });

  it('the page is for nobody to keep, frames nothing, runs nothing inline and says its request id', async () => {
    const page = await new WebVisitor(server).get(authorizeUrl(server, app));

    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect(page.headers.get('Content-Security-Policy')).toContain("base-uri 'none'");
    expect(page.headers.get('Content-Security-Policy')).not.toContain('unsafe-inline');
    expect(page.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(page.html).toMatch(/<html lang="en"/);
    const scripts = page.html.match(/<script[\s\S]*?<\/script>/g) ?? [];
    expect(scripts).toEqual([
      expect.stringMatching(/^<script src="\/assets\/passkey[\w.-]*\.js[^"]*" defer[^>]*><\/script>$/),
    ]);
    expect(page.html.match(/<script/g)).toHaveLength(scripts.length);
    expect(page.html).not.toMatch(/<[^>]*\son\w+\s*=/);
  });

  it('OpenID Connect Core §3.1.2.1: login_hint fills the user name', async () => {
    const page = await new WebVisitor(server).get(authorizeUrl(server, app, { login_hint: 'hinted@example.com' }));

    expect(page.html).toContain('value="hinted@example.com"');
  });

  it('what was typed is kept when it was wrong, the secret never', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app));

    const again = await visitor.signIn(page, person.userName, 'not the password 7');

    expect(again.status).toBe(422);
    expect(again.html).toContain(`value="${person.userName}"`);
    expect(again.html).not.toContain('not the password 7');
    expect(again.html).toContain('role="alert"');
    const end = await visitor.signIn(again, person.userName, password);
    expect(callback(end.url).code).toBeDefined();
  });

  it('every cookie is HttpOnly with SameSite', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);

    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), person.userName, password);

    expect(visitor.setCookies.length).toBeGreaterThan(3);
    for (const header of visitor.setCookies) expect(header).toMatch(/(?=.*; httponly)(?=.*; samesite=lax)/i);
  });

  it('a sign-in is recorded for the person, with the application, under the request id', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app));
    const { hidden, action } = formWith(page, 'username');

    const { answer } = await visitor.request(action, {
      method: 'POST',
      body: new URLSearchParams({ ...hidden, username: person.userName, password }),
    });

    expect(answer.status).toBe(303);
    expect(await eventsOf(answer.headers.get('X-Request-Id'))).toMatchObject([
      { type: 'sign-ins.succeeded', actor_id: person.id, client_id: app.clientId },
    ]);
  });

  it('cancelling tells the application access_denied (OpenID Connect Core §3.1.2.6)', async () => {
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app));

    const end = await visitor.submit(page, 'cancel', { cancel: 'yes' });

    expect(callback(end.url)).toMatchObject({ error: 'access_denied', state: 'a state', iss: server.issuer });
  });
});

describe('SECURITY-LESSONS 21: whether an account exists', () => {
  it('cannot be told from status, headers, length or words of the answer', async () => {
    const known = await aPerson(server, { userName: 'enumerated-1@example.com' });
    await aPerson(server, { userName: 'enumerated-2@example.com', active: false });
    await aPerson(server, { userName: 'enumerated-3@example.com', password: null });
    const attempts = [
      [known.userName, 'wrong password'],
      ['enumerated-2@example.com', password],
      ['enumerated-3@example.com', password],
      ['enumerated-4@example.com', password],
    ] as const;

    const answers = await Promise.all(
      attempts.map(async ([userName, secret]) => {
        const visitor = new WebVisitor(server);
        const page = await visitor.signIn(await visitor.get(authorizeUrl(server, app)), userName, secret);
        const own = [
          userName,
          /challenge(?:&quot;|"):(?:&quot;|")([\w.-]+)/.exec(page.html)?.[1] ?? '',
          page.headers.get('X-Request-Id') ?? '',
          /interaction\/([\w-]+)/.exec(page.url)?.[1] ?? '',
        ];
        const { csrf = '' } = formWith(page, 'username').hidden;
        const html = [...own, csrf].reduce(
          (text, value) => text.replaceAll(value, '#'.repeat(value.length)),
          page.html,
        );
        const headers = [...page.headers].filter(([name]) => !['x-request-id', 'date', 'set-cookie'].includes(name));
        const cookies = page.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]*/, ''));
        return { status: page.status, html, headers, cookies: cookies.map((cookie) => cookie.length) };
      }),
    );

    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe('SECURITY-LESSONS 28: throttling over HTTP', () => {
  it('guesses end in 429 with Retry-After; the person who was here before signs in all the same', async () => {
    const person = await aPerson(server);
    const victim = new WebVisitor(server);
    await victim.signIn(await victim.get(authorizeUrl(server, app)), person.userName, password);
    const attacker = new WebVisitor(server);
    let page = await attacker.get(authorizeUrl(server, app));
    for (let guess = 0; guess < 7; guess += 1) page = await attacker.signIn(page, person.userName, `guess ${guess}`);

    const throttled = await attacker.signIn(page, person.userName, password);
    const again = await victim.get(authorizeUrl(server, app, { prompt: 'login' }));
    const end = await victim.signIn(again, person.userName, password);

    expect(throttled.status).toBe(429);
    expect(Number(throttled.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(callback(end.url).code).toBeDefined();
  });

  it('SECURITY-LESSONS 27: a spoofed X-Forwarded-For makes no new network', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app));
    const { hidden, action } = formWith(page, 'username');
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) {
      const body = new URLSearchParams({ ...hidden, username: person.userName, password: 'wrong' });
      const headers = { 'X-Forwarded-For': `198.51.100.${guess}`, Forwarded: `for=198.51.100.${guess}` };
      statuses.push((await visitor.request(action, { method: 'POST', body, headers })).answer.status);
    }

    expect(statuses.slice(-2)).toEqual([429, 429]);
  });
});

describe('SECURITY-LESSONS 25: session fixation', () => {
  it('the session id is another one after each sign-in, and the earlier one opens nothing', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), person.userName, password);
    const before = visitor.cookie('doorward_session') ?? '';
    const beforeSignature = visitor.cookie('doorward_session.sig') ?? '';

    await visitor.signIn(await visitor.get(authorizeUrl(server, app, { prompt: 'login' })), person.userName, password);

    const thief = new WebVisitor(server);
    thief.plant('doorward_session', before);
    thief.plant('doorward_session.sig', beforeSignature);
    const page = await thief.get(authorizeUrl(server, app));
    expect(before).not.toBe('');
    expect(visitor.cookie('doorward_session')).not.toBe(before);
    expect(formWith(page, 'username')).toBeDefined();
  });

  it('a session cookie planted before the sign-in is worth nothing after it', async () => {
    const person = await aPerson(server);
    const attacker = new WebVisitor(server);
    await attacker.get(authorizeUrl(server, app));
    const planted = attacker.cookie('doorward_session') ?? 'planted-by-the-attacker';
    const visitor = new WebVisitor(server);
    visitor.plant('doorward_session', planted);

    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), person.userName, password);

    expect(visitor.cookie('doorward_session')).not.toBe(planted);
  });
});

describe('re-authentication', () => {
  it('prompt=login shows who is signed in, keeps both fields, and takes the password', async () => {
    const person = await aPerson(server, { displayName: 'Ada Archer' });
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), person.userName, password);

    const page = await visitor.get(authorizeUrl(server, app, { prompt: 'login' }));
    const end = await visitor.signIn(page, person.userName, password);

    expect(page.html).toContain('Ada Archer');
    expect(formWith(page, 'username').names).toEqual(expect.arrayContaining(['username', 'password']));
    expect(callback(end.url).code).toBeDefined();
  });

  it('"Not you?" assumes nobody, and someone else can sign in; the earlier session ends', async () => {
    const first = await aPerson(server, { displayName: 'Ada Archer' });
    const second = await aPerson(server);
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), first.userName, password);
    const page = await visitor.get(authorizeUrl(server, app, { prompt: 'login' }));

    const fresh = await visitor.submit(page, 'switch', { switch: 'yes' });
    const end = await visitor.signIn(fresh, second.userName, password);

    expect(fresh.html).not.toContain('Ada Archer');
    expect(callback(end.url).code).toBeDefined();
    expect((await visitor.get('/account')).html).toContain(second.userName);
    expect((await sessionsOf(first.id)).length).toBe(0);
  });
});

describe('SECURITY-LESSONS 30: what a browser is sent', () => {
  const polyglot = `"'><svg/onload=alert(1)><script>alert(2)</script>javascript:alert(3)</title></style>`;

  it('client names, user names, display names, hints and state stay text', async () => {
    const evil = await aClient(server, {
      name: polyglot,
      metadata: { client_uri: 'https://evil.example/"onmouseover="alert(1)', policy_uri: 'https://evil.example/p' },
    });
    const person = await aPerson(server, { displayName: polyglot, userName: `${polyglot}@example.com` });
    const visitor = new WebVisitor(server);
    const url = authorizeUrl(server, evil, { login_hint: polyglot, state: polyglot });

    const login = await visitor.get(url);
    const wrong = await visitor.signIn(login, polyglot, 'wrong');
    const consent = await visitor.signIn(wrong, person.userName, password);
    const end = await visitor.submit(consent, 'decision', { decision: 'approve' });

    for (const page of [login, wrong, consent, await visitor.get('/account'), await visitor.get('/')]) {
      expect(page.html).not.toMatch(/<script(?! src="\/assets)/);
      expect(page.html).not.toMatch(/<svg\/onload|<[^>]+ on\w+=/);
    }
    expect(callback(end.url).state).toBe(polyglot);
  });
});
