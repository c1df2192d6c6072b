import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password } from '../interaction/a-sign-in.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signedIn(person: User, userAgent?: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(server, userAgent === undefined ? {} : { userAgent });
  await visitor.signIn(await visitor.get('/account/devices'), person.userName, password);
  return visitor;
}

const isSignedIn = async (visitor: WebVisitor): Promise<boolean> =>
  titleOf(await visitor.get('/account')).includes('My account');
const sessionsOn = (html: string): number => html.split('class="entry"').length - 1;
const eventsOf = (person: User) =>
  server.foundation.read.query<{ type: string; actor_id: string }>(
    `SELECT type, actor_id FROM audit_events WHERE type LIKE 'sessions.%' AND (target_id = $1 OR details->>'userId' = $1)`,
    [person.id],
  );
const recordsOf = (person: User, model: string) =>
  server.foundation.read.query(
    'SELECT 1 FROM provider_records WHERE account_id = $1 AND model = $2 AND ended_at IS NULL',
    [person.id, model],
  );

describe('issue 5 item 10: /account/devices', () => {
  it('shows where somebody is signed in, with the browser, the network and this one marked', async () => {
    const person = await aPerson(server);
    const visitor = await signedIn(person, firefox);

    const page = await visitor.get('/account/devices');

    expect(page.status).toBe(200);
    expect(page.html).toContain('Firefox on Linux');
    expect(page.html).toContain('this one');
    expect(page.html).toContain('127.0.0.0/24');
    expect(page.html).not.toContain('127.0.0.1');
    expect(sessionsOn(page.html)).toBe(1);
  });

  it('names what a session was used for', async () => {
    const person = await aPerson(server);
    const visitor = await signedIn(person);
    await visitor.get(authorizeUrl(server, await aClient(server, { name: 'Ledger', firstParty: true })));

    expect((await visitor.get('/account/devices')).html).toContain('Ledger');
  });

  it('ends one other session, with what applications hold from it, and leaves this one', async () => {
    const person = await aPerson(server);
    const here = await signedIn(person);
    const elsewhere = await signedIn(person);
    await elsewhere.get(authorizeUrl(server, await aClient(server, { firstParty: true })));
    expect((await recordsOf(person, 'Grant')).length).toBeGreaterThan(0);

    const page = await here.submit(await here.get('/account/devices'), 'session', {});

    expect(page.html).toContain('That session has ended');
    expect(sessionsOn(page.html)).toBe(1);
    expect([await isSignedIn(here), await isSignedIn(elsewhere)]).toEqual([true, false]);
    expect(await recordsOf(person, 'AuthorizationCode')).toHaveLength(1); // of this browser's own sign-in
    expect(await eventsOf(person)).toEqual([{ type: 'sessions.ended', actor_id: person.id }]);
  });

  it('signs out everywhere else, forgets other browsers, and says so in the log', async () => {
    const person = await aPerson(server);
    const here = await signedIn(person);
    const others = [await signedIn(person), await signedIn(person)];

    const page = await here.submit(await here.get('/account/devices'), 'everything', {});

    expect(page.html).toContain('signed out everywhere but here');
    expect(await isSignedIn(here)).toBe(true);
    expect(await Promise.all(others.map(isSignedIn))).toEqual([false, false]);
    expect(await recordsOf(person, 'Grant')).toEqual([]);
    expect(await eventsOf(person)).toContainEqual({ type: 'sessions.others-ended', actor_id: person.id });
    const known = await server.foundation.read.query('SELECT 1 FROM known_devices WHERE user_id = $1', [person.id]);
    expect(known).toHaveLength(1);
  });

  it('a session of somebody else cannot be ended, and the answer does not tell', async () => {
    const victim = await aPerson(server);
    const victimBrowser = await signedIn(victim);
    const other = await aPerson(server);
    const visitor = await signedIn(other);
    await signedIn(other);
    const [row] = await server.foundation.read.query<{ id: Buffer }>(
      `SELECT id FROM provider_records WHERE account_id = $1 AND model = 'Session'`,
      [victim.id],
    );

    const page = await visitor.submit(await visitor.get('/account/devices'), 'session', {
      session: row?.id.toString('base64url') ?? '',
    });

    expect(page.status).toBe(200);
    expect(await isSignedIn(victimBrowser)).toBe(true);
    expect(await eventsOf(victim)).toEqual([]);
  });

  it.each(['session', 'everything'])('a form of another session ends nothing: %s', async (field) => {
    const person = await aPerson(server);
    const here = await signedIn(person);
    const elsewhere = await signedIn(person);
    const { csrf = '' } = formWith(await elsewhere.get('/account/devices'), field).hidden;

    const page = await here.submit(await here.get('/account/devices'), field, { csrf });

    expect(page.status).toBe(422);
    expect(await isSignedIn(elsewhere)).toBe(true);
  });

  it('a reload of where a form was posted to shows the page', async () => {
    const visitor = await signedIn(await aPerson(server));

    expect((await visitor.get('/account/devices/end')).url).toBe(`${server.issuer}/account/devices`);
  });
});
