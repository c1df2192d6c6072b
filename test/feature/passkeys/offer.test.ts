import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import { takeBackAccount } from '../../../src/domain/lifecycle/take-back-account.ts';
import { Authenticator } from '../../support/authenticator.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow } from '../second-factors/a-second-factor.ts';
import { addPasskey, askedOn, eventsOf, passkeyRows, sessionOf, signedIn } from './a-passkey.ts';

let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

/** As the script sends it where the browser can make passkeys. */
async function signInOn(
  visitor: WebVisitor,
  userName: string,
  { passkeys = 'yes', ...more }: Record<string, string> = {},
) {
  const page = await visitor.get(authorizeUrl(server, app, more));
  return visitor.submit(page, 'password', { username: userName, password, ...(passkeys === '' ? {} : { passkeys }) });
}

const LATER = 'doorward_passkey_later';
const isOffer = (page: Page): boolean => titleOf(page).startsWith('Sign in faster next time');
const codeOf = (page: Page): string | undefined =>
  page.url.startsWith(server.issuer) ? undefined : callback(page.url).code;
const made = (page: Page): string => new Authenticator(server.issuer).create(askedOn(page));
const goesOn = (visitor: WebVisitor, page: Page): Promise<Page> =>
  visitor.get(/href="([^"]*\/authorize\/[^"]*)"/.exec(page.html)?.[1] ?? '');

async function atOffer() {
  const user = await aPerson(server);
  const visitor = new WebVisitor(server);
  return { user, visitor, page: await signInOn(visitor, user.userName) };
}

describe('after a sign-in by password a passkey is offered', () => {
  it('and added: with the recovery codes of a first one, and the sign-in goes on as what it was', async () => {
    const { user, visitor, page } = await atOffer();

    const codes = await visitor.submit(page, 'passkey', { passkey: made(page) });
    const end = await goesOn(visitor, codes);

    expect(isOffer(page)).toBe(true);
    expect(titleOf(codes)).toContain('Your recovery codes');
    expect(codeOf(end)).toBeDefined();
    expect(await passkeyRows(server, user.id)).toHaveLength(1);
    expect(await sessionOf(server, user.id)).toMatchObject({ acr: acr.password, amr: ['pwd'] });
    expect(await eventsOf(server, user.id)).toEqual(
      expect.arrayContaining(['sign-ins.succeeded', 'passkeys.created', 'recovery-codes.issued']),
    );
  });

  it('or not: the sign-in goes on, and it is not offered again in this browser, but in another', async () => {
    const { user, visitor, page } = await atOffer();

    const end = await visitor.submit(page, 'later', { later: 'yes' });
    const later = new WebVisitor(server);
    later.plant(LATER, visitor.cookie(LATER, '/interaction/x') ?? '', '/interaction');
    const again = await signInOn(later, user.userName);
    const elsewhere = await signInOn(new WebVisitor(server), user.userName);

    expect(codeOf(end)).toBeDefined();
    expect(codeOf(again)).toBeDefined();
    expect(isOffer(elsewhere)).toBe(true);
  });

  it('it stands in the way of nobody: who opens the application again is signed in', async () => {
    const { visitor, page } = await atOffer();

    expect(
      codeOf(await visitor.get(new URL(page.url).pathname.replace(/^\/interaction\/([\w-]+).*/, '/authorize/$1'))),
    ).toBeDefined();
    expect(codeOf(await visitor.get(authorizeUrl(server, app)))).toBeDefined();
  });

  it('what was not accepted is said, and the way on stays open', async () => {
    const { user, visitor, page } = await atOffer();

    const answer = await visitor.submit(page, 'passkey', { passkey: '{}' });
    const end = await visitor.submit(answer, 'later', { later: 'yes' });

    expect([answer.status, isOffer(answer) || titleOf(answer)]).toEqual([
      422,
      'Error: Sign in faster next time · Doorward',
    ]);
    expect(codeOf(end)).toBeDefined();
    expect(await passkeyRows(server, user.id)).toEqual([]);
  });

  it('whoever has an authenticator app is offered one after its code', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = new WebVisitor(server);
    const asked = await signInOn(visitor, user.userName);
    const page = await visitor.submit(asked, 'code', { code: codeNow(), passkeys: 'yes' });

    const end = await visitor.submit(page, 'passkey', { passkey: made(page) });

    expect([isOffer(asked), isOffer(page)]).toEqual([false, true]);
    expect(codeOf(end)).toBeDefined();
    expect(await passkeyRows(server, user.id)).toHaveLength(1);
  });
});

describe('it is not offered', () => {
  it('where the browser did not say that it can make one', async () => {
    const user = await aPerson(server);

    expect(codeOf(await signInOn(new WebVisitor(server), user.userName, { passkeys: '' }))).toBeDefined();
  });

  it('to whoever has one', async () => {
    const user = await aPerson(server);
    await addPasskey(server, await signedIn(server, user));

    expect(codeOf(await signInOn(new WebVisitor(server), user.userName))).toBeDefined();
  });

  it.each([{ prompt: 'login' }, { max_age: '0' }])('to whoever is signed in and only asked again: %j', async (more) => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    await signInOn(visitor, user.userName, { passkeys: '' });

    expect(codeOf(await signInOn(visitor, user.userName, more))).toBeDefined();
  });
});

describe('SECURITY-LESSONS 23, 24: what the offer adds to', () => {
  const post = (visitor: WebVisitor, page: Page, fields: Record<string, string>): Promise<Page> =>
    visitor.post(`${/\/interaction\/[\w-]+/.exec(page.url)?.[0]}/passkey-offer`, fields);

  it('nobody’s account before they have signed in', async () => {
    const visitor = new WebVisitor(server);
    const login = await visitor.get(authorizeUrl(server, app));
    const csrf = login.forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';

    const pages = [await visitor.get(`${login.url}/passkey-offer`), await post(visitor, login, { csrf, later: 'yes' })];

    for (const page of pages) expect(titleOf(page)).toContain('Sign in');
  });

  it('nobody’s account after a password alone where a code is asked for', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = new WebVisitor(server);
    const asked = await signInOn(visitor, user.userName);

    const page = await visitor.get(`${/\/interaction\/[\w-]+/.exec(asked.url)?.[0]}/passkey-offer`);

    expect(page.forms.some(({ names }) => names.includes('passkey') && names.includes('later'))).toBe(false);
    expect(await passkeyRows(server, user.id)).toEqual([]);
  });

  it.each<[string, (page: Page) => Promise<Record<string, string>>]>([
    ['without the token of the page', async (page) => ({ csrf: '', passkey: made(page) })],
    ['with the challenge of another sign-in', async () => ({ passkey: made((await atOffer()).page) })],
    [
      'with a challenge to sign in',
      async () => ({ passkey: made(await new WebVisitor(server).get(authorizeUrl(server, app))) }),
    ],
  ])('nobody’s account %s', async (_, fieldsOf) => {
    const { user, visitor, page } = await atOffer();

    const answer = await visitor.submit(page, 'passkey', await fieldsOf(page));

    expect(answer.status).toBe(422);
    expect(await passkeyRows(server, user.id)).toEqual([]);
  });

  it.each<[string, (userId: string) => Promise<unknown>]>([
    [
      'was taken back meanwhile',
      (userId) =>
        server.foundation.transact({ type: 'operator', id: 'test' }, (tx) =>
          takeBackAccount(tx, { userId, addressKey: 'nobody@example.com' }),
        ),
    ],
    [
      'is out',
      (userId) => server.foundation.pool.query(`UPDATE users SET status = 'inactive' WHERE id = $1`, [userId]),
    ],
    [
      'has another password',
      (userId) =>
        server.foundation.pool.query(
          `UPDATE password_credentials SET changed_at = changed_at + interval '1 minute' WHERE user_id = $1`,
          [userId],
        ),
    ],
  ])('no account that %s', async (_, change) => {
    const { user, visitor, page } = await atOffer();
    const passkey = made(page);
    await change(user.id);

    await visitor.submit(page, 'passkey', { passkey });

    expect(await passkeyRows(server, user.id)).toEqual([]);
  });

  it('an answer counts once, of many at once too', async () => {
    const { user, visitor, page } = await atOffer();
    const passkey = made(page);

    await Promise.all([1, 2, 3, 4].map(() => visitor.submit(page, 'passkey', { passkey })));

    expect(await passkeyRows(server, user.id)).toHaveLength(1);
  });
});
