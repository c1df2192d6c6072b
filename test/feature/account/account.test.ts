import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueSetPasswordLink } from '../../../src/domain/credentials/one-time-links.ts';
import { setPasswordUrl } from '../../../src/domain/credentials/set-password-url.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';

const nextPassword = 'nine badgers count the harvest';
const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signedIn(person: User, secret = password): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  const page = await visitor.signIn(await visitor.get('/account'), person.userName, secret);
  expect(page.url).toBe(`${server.issuer}/account`);
  return visitor;
}

const canSignIn = async ({ userName }: User, secret: string): Promise<boolean> => {
  const visitor = new WebVisitor(server);
  const page = await visitor.signIn(await visitor.get('/account'), userName, secret);
  return page.url === `${server.issuer}/account`;
};
const change = (page: Page, visitor: WebVisitor, fields: Record<string, string> = {}) =>
  visitor.submit(page, 'new-password', {
    'current-password': password,
    'new-password': nextPassword,
    'new-password-again': nextPassword,
    ...fields,
  });
const eventsOf = (type: string, target: User) =>
  server.foundation.read.query<{ actor_type: string; actor_id: string; details: unknown }>(
    'SELECT actor_type, actor_id, details FROM audit_events WHERE type = $1 AND target_id = $2',
    [type, target.id],
  );

describe('/account', () => {
  it('sends someone who is not signed in to the sign-in page and brings them back', async () => {
    const person = await aPerson(server, { displayName: 'Ada Archer' });

    const page = await (await signedIn(person)).get('/account');

    expect(page.status).toBe(200);
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect(page.html).toContain('Ada Archer');
    expect(page.html).toContain(person.userName);
  });

  it('someone who cancels is at the start page, signed out', async () => {
    const visitor = new WebVisitor(server);

    const page = await visitor.submit(await visitor.get('/account'), 'cancel', { cancel: 'yes' });

    expect(page.url).toBe(`${server.issuer}/`);
    expect(titleOf(await visitor.get('/account'))).toContain('Sign in');
  });
});

describe('changing the own password', () => {
  it('takes the current one, keeps this browser signed in, ends all others, and is recorded without the secret', async () => {
    const person = await aPerson(server);
    const here = await signedIn(person);
    const elsewhere = await signedIn(person);

    const done = await change(await here.get('/account'), here);

    expect(done.url).toBe(`${server.issuer}/account?changed=password`);
    expect(done.html).toContain('Your password has been changed');
    expect(titleOf(await here.get('/account'))).toContain('My account');
    expect(titleOf(await elsewhere.get('/account'))).toContain('Sign in');
    expect([await canSignIn(person, password), await canSignIn(person, nextPassword)]).toEqual([false, true]);
    const events = await eventsOf('passwords.changed', person);
    expect(events.at(-1)).toMatchObject({ actor_type: 'user', actor_id: person.id });
    expect(JSON.stringify(events)).not.toContain(nextPassword);
  });

  it('other browsers lose the allowance of a known one, this browser keeps it', async () => {
    const person = await aPerson(server);
    const here = await signedIn(person);
    await signedIn(person);
    const known = () => server.foundation.read.query('SELECT 1 FROM known_devices WHERE user_id = $1', [person.id]);
    const before = await known();

    await change(await here.get('/account'), here);

    expect([before.length, (await known()).length]).toEqual([2, 1]);
  });

  it.each([
    ['a wrong current password', { 'current-password': 'not this one' }, 'current password is not right'],
    ['no current password', { 'current-password': '' }, 'Enter your current password'],
    ['no new password', { 'new-password': '', 'new-password-again': '' }, 'Enter a new password'],
    ['a short one', { 'new-password': 'short', 'new-password-again': 'short' }, 'too short'],
    [
      'a common one',
      { 'new-password': 'password1', 'new-password-again': 'password1' },
      'first that an attacker tries',
    ],
    ['two that differ', { 'new-password-again': 'something else' }, 'not the same'],
    ['the current one', { 'new-password': password, 'new-password-again': password }, 'same as the current one'],
    ['a form of another session', { csrf: 'made-up' }, 'open too long'],
  ])('%s is refused at the field and changes nothing', async (_, fields, words) => {
    const person = await aPerson(server);
    const visitor = await signedIn(person);

    const page = await change(await visitor.get('/account'), visitor, fields);

    expect(page.status).toBe(422);
    expect(page.html).toContain(words);
    expect(await canSignIn(person, password)).toBe(true);
  });

  it('the own user name is refused as a password', async () => {
    const person = await aPerson(server);
    const visitor = await signedIn(person);
    const { userName } = person;

    const page = await change(await visitor.get('/account'), visitor, {
      'new-password': userName,
      'new-password-again': userName,
    });

    expect(page.html).toContain('must not be your user name');
  });

  it('SECURITY-LESSONS 28: guesses at the current password are throttled', async () => {
    const person = await aPerson(server);
    const visitor = await signedIn(person);
    let page = await visitor.get('/account');
    for (let guess = 0; guess < 12; guess += 1) page = await change(page, visitor, { 'current-password': 'wrong' });

    expect(page.status).toBe(429);
    expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(0);
  });

  it('the form of one person is worth nothing in the session of another', async () => {
    const victim = await aPerson(server);
    const attacker = await aPerson(server);
    const victimBrowser = await signedIn(victim);
    const attackerBrowser = await signedIn(attacker);
    const { csrf = '' } = formWith(await attackerBrowser.get('/account'), 'new-password').hidden;

    const page = await change(await victimBrowser.get('/account'), victimBrowser, { csrf });

    expect(page.status).toBe(422);
    expect(await canSignIn(victim, password)).toBe(true);
  });
});

describe('one-time links', () => {
  const linkFor = async (person: User, lifetimeSeconds?: number): Promise<string> => {
    const { token } = await server.foundation.transact(operator, (tx) =>
      issueSetPasswordLink(tx, { userId: person.id, lifetimeSeconds }),
    );
    return setPasswordUrl(server.issuer, token);
  };
  const fields = { 'new-password': nextPassword, 'new-password-again': nextPassword };

  it('DESIGN §8 "Mail": GET and HEAD use nothing up, any browser may use it, once; sessions end', async () => {
    const person = await aPerson(server);
    const signedInBrowser = await signedIn(person);
    const url = await linkFor(person);
    const scanner = new WebVisitor(server);
    await scanner.request(url, { method: 'HEAD' });
    await scanner.get(url);
    const visitor = new WebVisitor(server);

    const done = await visitor.submit(await visitor.get(url), 'new-password', fields);
    const again = await visitor.get(url);
    const posted = await visitor.post('/account/set-password', {
      token: new URL(url).searchParams.get('token') ?? '',
      ...fields,
    });

    expect(titleOf(done)).toContain('Your password is set');
    expect([again.status, posted.status]).toEqual([410, 410]);
    expect(titleOf(await signedInBrowser.get('/account'))).toContain('Sign in');
    expect([await canSignIn(person, password), await canSignIn(person, nextPassword)]).toEqual([false, true]);
  });

  it('fifty redemptions at once: one succeeds', async () => {
    const person = await aPerson(server);
    const url = await linkFor(person);
    const visitor = new WebVisitor(server);
    const page = await visitor.get(url);

    const ends = await Promise.all(Array.from({ length: 50 }, () => visitor.submit(page, 'new-password', fields)));

    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(ends.filter(({ status }) => status === 410 || status === 429)).toHaveLength(49);
  });

  it('a password that the rules refuse leaves the link good', async () => {
    const person = await aPerson(server, { password: null });
    const visitor = new WebVisitor(server);
    const url = await linkFor(person);

    const refused = await visitor.submit(await visitor.get(url), 'new-password', {
      'new-password': 'short',
      'new-password-again': 'short',
    });
    const done = await visitor.submit(refused, 'new-password', fields);

    expect(refused.status).toBe(422);
    expect(titleOf(done)).toContain('Your password is set');
    expect(await canSignIn(person, nextPassword)).toBe(true);
  });

  it('expired, replaced and made-up links answer alike and offer what to do', async () => {
    const person = await aPerson(server);
    const expired = await linkFor(person, -1);
    const replaced = await linkFor(await aPerson(server));
    const urls = [expired, setPasswordUrl(server.issuer, 'made-up'), `${server.issuer}/account/set-password`];

    const pages = await Promise.all(urls.map((url) => new WebVisitor(server).get(url)));

    for (const page of pages) {
      expect(page.status).toBe(410);
      expect(page.html).toContain('ask your administrator');
    }
    expect((await new WebVisitor(server).get(replaced)).status).toBe(200);
  });

  it('the token does not leave in a Referer', async () => {
    const page = await new WebVisitor(server).get(await linkFor(await aPerson(server)));

    expect(page.headers.get('Referrer-Policy')).toBe('no-referrer');
  });

  it('SECURITY-LESSONS 29: links are on the issuer whatever the Host header says', () => {
    expect(setPasswordUrl('https://id.example', 'a b')).toBe('https://id.example/account/set-password?token=a%20b');
  });
});

describe('RP-Initiated Logout 1.0 §2', () => {
  it('asks, and `logout=yes` ends the session; staying keeps it', async () => {
    const person = await aPerson(server, { displayName: 'Ada Archer' });
    const visitor = await signedIn(person);

    const asked = await visitor.get('/logout');
    const stayed = await visitor.submit(asked, 'logout', { stay: 'yes' });
    const still = await visitor.get('/account');
    const out = await visitor.submit(await visitor.get('/logout'), 'logout', { logout: 'yes' });

    expect(asked.html).toContain('Ada Archer');
    expect(asked.headers.get('Cache-Control')).toContain('no-store');
    expect(titleOf(stayed)).toContain('You are still signed in');
    expect(titleOf(still)).toContain('My account');
    expect(titleOf(out)).toContain('You are signed out');
    expect(titleOf(await visitor.get('/account'))).toContain('Sign in');
  });

  it('without a session it posts itself by a file, not inline, and ends signed out', async () => {
    const visitor = new WebVisitor(server);

    const page = await visitor.get('/logout');
    const [form] = page.forms;
    const out = await visitor.post(form?.action ?? '', form?.hidden ?? {});

    expect(page.html).toMatch(/<script src="\/assets\/submit\.js/);
    expect(page.headers.get('Content-Security-Policy')).not.toContain('sha256-');
    expect(titleOf(out)).toContain('You are signed out');
  });
});

describe('/recover', () => {
  it('the link on the login page leads to what to do', async () => {
    const login = await new WebVisitor(server).get('/account');

    expect(login.html).toContain('href="/recover"');
    expect((await new WebVisitor(server).get('/recover')).html).toContain('Send the link');
  });
});
