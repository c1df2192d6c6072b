import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endAllAccess } from '../../../src/domain/sessions/end-all-access.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from './a-sign-in.ts';

let server: RunningServer;
let app: TestClient;
let thirdParty: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
  thirdParty = await aClient(server, {
    name: 'Third party',
    metadata: { initiate_login_uri: 'https://app.example/start' },
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Prompt = 'login' | 'consent';

async function atPrompt(prompt: Prompt): Promise<{ visitor: WebVisitor; page: Page; userName: string }> {
  const person = await aPerson(server);
  const visitor = new WebVisitor(server);
  const login = await visitor.get(authorizeUrl(server, thirdParty));
  const page = prompt === 'login' ? login : await visitor.signIn(login, person.userName, password);
  return { visitor, page, userName: person.userName };
}

const interactionOf = (page: Page): string => /\/interaction\/[\w-]+/.exec(page.url)?.[0] ?? '';
const csrfOf = (page: Page): string => page.forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';
const isEnded = (page: Page): boolean => titleOf(page).startsWith('This sign-in has ended');

const steps = ['login', 'consent', 'cancel', 'switch', 'abort', ''] as const;
const bodies = {
  empty: {},
  'the fields of every step': { username: 'someone', password: 'x', decision: 'approve', cancel: 'yes', switch: 'yes' },
  'consent without a decision': { decision: '' },
  'an unknown decision': { decision: 'maybe' },
  'a login result': {
    'login[accountId]': 'someone',
    accountId: 'someone',
    result: '{"login":{"accountId":"someone"}}',
  },
} as const;

describe('SECURITY-LESSONS 24: no form takes a step that is not its own', () => {
  const matrix = (['login', 'consent'] as const).flatMap((prompt) =>
    steps.flatMap((step) => Object.keys(bodies).map((body) => [prompt, step, body] as const)),
  );

  it.each(matrix)('at %s, POST to "%s" with %s and no token grants nothing', async (prompt, step, body) => {
    const { visitor, page } = await atPrompt(prompt);
    const address = interactionOf(page) + (step === '' ? '' : `/${step}`);

    const answer = await visitor.post(address, bodies[body as keyof typeof bodies]);

    expect(answer.status).toBeLessThan(500);
    expect(answer.url).not.toContain('code=');
    const still = await visitor.get(interactionOf(page));
    expect(formWith(still, prompt === 'login' ? 'password' : 'decision')).toBeDefined();
  });

  it.each([
    ['login', 'consent', { decision: 'approve' }],
    ['consent', 'login', { username: 'someone', password: 'x' }],
    ['consent', 'cancel', { cancel: 'yes' }],
  ] as const)(
    'at %s, the %s form with a good token of this page shows where things stand',
    async (prompt, step, fields) => {
      const { visitor, page } = await atPrompt(prompt);

      const answer = await visitor.post(`${interactionOf(page)}/${step}`, { ...fields, csrf: csrfOf(page) });

      expect(formWith(answer, prompt === 'login' ? 'password' : 'decision')).toBeDefined();
    },
  );

  it('the token of one interaction is worth nothing in another', async () => {
    const first = await atPrompt('consent');
    const second = await atPrompt('consent');

    const answer = await second.visitor.post(`${interactionOf(second.page)}/consent`, {
      decision: 'approve',
      csrf: csrfOf(first.page),
    });

    expect(answer.status).toBe(422);
    expect(answer.html).toContain('open too long');
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s on a step changes nothing', async (method) => {
    const { visitor, page } = await atPrompt('consent');

    const { answer } = await visitor.request(`${interactionOf(page)}/consent?decision=approve&csrf=${csrfOf(page)}`, {
      method,
    });

    expect(answer.status).toBe(method === 'GET' ? 200 : 405);
  });

  it('a body that is no form, too large, not UTF-8 or with a repeated field is refused, never a 500', async () => {
    const { page, visitor } = await atPrompt('login');
    const cookie = `doorward_interaction=${visitor.cookie('doorward_interaction', interactionOf(page))}`;
    const send = (body: string | Uint8Array<ArrayBuffer>, type = 'application/x-www-form-urlencoded') =>
      fetch(`${server.origin}${interactionOf(page)}/login`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': type, Cookie: cookie, Accept: 'text/html' },
      });

    const statuses = await Promise.all([
      send('{}', 'application/json'),
      send(`username=${'x'.repeat(1_100_000)}`),
      send('username=%ff%fe&password=x'),
      send(new Uint8Array([117, 61, 0xff, 0xfe])),
      send('username=a&username=b&password=x'),
      send('username=%00&password=x'),
    ]);

    for (const { status } of statuses) expect(status).toBeLessThan(500);
    expect(statuses.slice(0, 2).map(({ status }) => status)).toEqual([415, 413]);
  });
});

describe('interactions that are over', () => {
  it('one that never was ends at a page with a way on', async () => {
    const page = await new WebVisitor(server).get('/interaction/made-up-by-somebody');

    expect(page.status).toBe(400);
    expect(isEnded(page)).toBe(true);
    expect(page.html).toContain('href="/"');
  });

  it('one of another browser is not this one, whoever knows its address', async () => {
    const { page } = await atPrompt('consent');
    const stranger = new WebVisitor(server);

    const shown = await stranger.get(interactionOf(page));
    const posted = await stranger.post(`${interactionOf(page)}/consent`, { decision: 'approve', csrf: csrfOf(page) });

    expect([isEnded(shown), isEnded(posted)]).toEqual([true, true]);
  });

  it('the cookie of one interaction does not open the address of another', async () => {
    const first = await atPrompt('login');
    const second = await atPrompt('login');
    const path = interactionOf(second.page);
    const names = ['doorward_interaction', 'doorward_interaction.sig'];
    for (const name of names)
      second.visitor.plant(name, first.visitor.cookie(name, interactionOf(first.page)) ?? '', path);

    expect(isEnded(await second.visitor.get(path))).toBe(true);
  });

  it('OpenID Connect Core §4: the back button after finishing leads to where the application starts a sign-in', async () => {
    const { visitor, page } = await atPrompt('consent');
    const path = interactionOf(page);
    await visitor.submit(page, 'decision', { decision: 'approve' });

    const back = await visitor.get(path);

    expect(isEnded(back)).toBe(true);
    expect(back.html).toContain('finished already');
    expect(back.html).toContain(`href="https://app.example/start?iss=${encodeURIComponent(server.issuer)}"`);
  });

  it('one that expired leads back to its application as well', async () => {
    const { visitor, page } = await atPrompt('login');
    // What is left of it when its hour has passed.
    await server.foundation.pool.query(`DELETE FROM provider_records WHERE model = 'Interaction'`);

    const answer = await visitor.submit(page, 'username', { username: 'someone', password: 'x' });

    expect(isEnded(answer)).toBe(true);
    expect(answer.html).toContain('open too long');
    expect(answer.html).toContain('href="https://app.example/start');
  });

  it('OpenID Connect Core §5.5.1.1: an essential acr that cannot be had ends at the application, not in a circle', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:example:unheard-of' } } });

    const end = await visitor.signIn(
      await visitor.get(authorizeUrl(server, app, { claims })),
      person.userName,
      password,
    );

    expect(callback(end.url)).toMatchObject({ error: 'access_denied', state: 'a state' });
  });

  it('OpenID Connect Core §3.1.2.1: after max_age the person is asked again, known by name', async () => {
    const { visitor, page, userName } = await atPrompt('consent');
    await visitor.submit(page, 'decision', { decision: 'approve' });

    const again = await visitor.get(authorizeUrl(server, app, { prompt: 'login', max_age: '0' }));
    const end = await visitor.signIn(again, userName, password);

    expect(again.html).toContain('Confirm that it is you');
    expect(callback(end.url).code).toBeDefined();
  });

  it('a double submit ends at the application or at a page, never in an error', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app));
    const fields = { username: person.userName, password };

    const ends = await Promise.all([
      visitor.submit(page, 'username', fields),
      visitor.submit(page, 'username', fields),
    ]);
    const third = await visitor.submit(page, 'username', fields);

    expect(ends.some(({ url }) => callback(url).code !== undefined)).toBe(true);
    for (const end of [...ends, third]) expect(callback(end.url).code !== undefined || isEnded(end)).toBe(true);
  });

  it('two tabs: the second one still signs in after the first has', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const first = await visitor.get(authorizeUrl(server, app, { state: 'first' }));
    const second = await visitor.get(authorizeUrl(server, app, { state: 'second' }));

    const one = await visitor.signIn(first, person.userName, password);
    const two = await visitor.signIn(second, person.userName, password);

    expect([callback(one.url).state, callback(two.url).state]).toEqual(['first', 'second']);
  });

  it('a consent page left open does not speak for whoever signs in after', async () => {
    const { visitor, page } = await atPrompt('consent');
    const other = await aPerson(server);
    const login = await visitor.get(authorizeUrl(server, app, { prompt: 'login' }));
    await visitor.signIn(login, other.userName, password);

    const answer = await visitor.submit(page, 'decision', { decision: 'approve' });

    expect(callback(answer.url).code).toBeUndefined();
    expect(isEnded(answer)).toBe(true);
  });

  it('someone whose access ended meanwhile is asked to sign in again, and can', async () => {
    const { visitor, userName } = await atPrompt('consent');
    const [user] = await server.foundation.read.query<{ id: string }>('SELECT id FROM users WHERE user_name = $1', [
      userName,
    ]);
    await server.foundation.transact({ type: 'operator', id: 'test' }, async (tx) => {
      await endAllAccess(tx, { userId: user?.id ?? '' });
      tx.record({ type: 'sessions.ended' });
    });

    const login = await visitor.get(authorizeUrl(server, app));
    const end = await visitor.signIn(login, userName, password);

    expect(callback(end.url).code).toBeDefined();
    expect((await visitor.get('/account')).html).toContain(userName);
  });
});

it('SECURITY-LESSONS 24: a sign-in that is ended while the password is looked at stays ended', async () => {
  const { page, visitor, userName } = await atPrompt('login');
  const { pool } = server.foundation;
  const uid = interactionOf(page).split('/').at(-1) ?? '';
  const id = createHash('sha256').update(uid).digest();
  const ending = await pool.connect();
  await ending.query('BEGIN');
  await ending.query('DELETE FROM provider_records WHERE id = $1', [id]);

  const answer = visitor.signIn(page, userName, password);
  await eventually(
    async () => (await pool.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).rowCount,
    (count) => (count ?? 0) > 0,
  );
  await ending.query('COMMIT');
  ending.release();

  expect(isEnded(await answer)).toBe(true);
  expect((await pool.query('SELECT FROM provider_records WHERE id = $1', [id])).rowCount).toBe(0);
});
