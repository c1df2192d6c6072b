import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password } from '../interaction/a-sign-in.ts';

/**
 * SECURITY-LESSONS 25: whoever can set cookies for a victim's browser (a sibling host can, for its whole domain) gives it the
 * cookies of a sign-in begun elsewhere. What the victim then signs in to must not be finished where it was begun.
 */
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

/** A browser whose cookies, all of them, can be put into another one. */
class Attacker extends WebVisitor {
  giveCookiesTo(victim: WebVisitor): void {
    for (const header of this.setCookies) {
      const [pair = '', ...attributes] = header.split('; ');
      const at = pair.indexOf('=');
      const path = attributes.find((one) => /^path=/i.test(one))?.slice('path='.length) ?? '/';
      victim.plant(pair.slice(0, at), pair.slice(at + 1), path);
    }
  }
}

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/** How the attacker comes to a sign-in page. */
const beginnings: Readonly<Record<string, (attacker: WebVisitor) => Promise<Page>>> = {
  'an application': async (attacker) => attacker.get(authorizeUrl(server, await aClient(server))),
  'the account page': (attacker) => attacker.get('/account'),
  'a device': async (attacker) => {
    const metadata = { grant_types: [DEVICE], response_types: [], redirect_uris: [] };
    const { clientId } = await aClient(server, { metadata });
    const body = new URLSearchParams({ client_id: clientId, scope: 'openid' });
    const answer = await fetch(`${server.origin}/device/authorize`, { method: 'POST', body });
    const { user_code } = (await answer.json()) as { user_code: string };
    const asked = await attacker.submit(await attacker.get('/device'), 'user_code', { user_code });
    return attacker.submit(asked, 'decision', { decision: 'approve' });
  },
};

/** What the attacker does there before the cookies go to the victim. */
const preparations: Readonly<Record<string, (attacker: WebVisitor, login: Page) => Promise<void>>> = {
  'leaves it open': async () => undefined,
  'signs in as themselves and does not go on': async (attacker, login) => {
    const { action, hidden } = formWith(login, 'username');
    const { userName: username } = await aPerson(server);
    const body = new URLSearchParams({ ...hidden, username, password });
    expect((await attacker.request(action, { method: 'POST', body })).answer.status).toBe(303);
  },
};

/** Where the browser goes on after the login form: the uid is the same for both. */
const resumptions = (login: Page): readonly string[] => {
  const uid = /\/interaction\/([\w-]+)/.exec(login.url)?.[1] ?? '';
  return [`/authorize/${uid}`, `/device/${uid}`];
};

const isSignedIn = async (visitor: WebVisitor, userName: string): Promise<boolean> => {
  const home = await visitor.get('/account');
  return home.html.includes('current-password') && home.html.includes(userName);
};

describe.each(Object.entries(beginnings))('a sign-in for %s', (_what, begin) => {
  it.each(Object.entries(preparations))('begun elsewhere, where the attacker %s', async (_how, prepare) => {
    const [attacker, victim] = [new Attacker(server), new WebVisitor(server)];
    const { userName } = await aPerson(server);
    const login = await begin(attacker);
    await prepare(attacker, login);
    attacker.giveCookiesTo(victim);

    const { action, hidden } = formWith(await victim.get(login.url), 'username');
    const body = new URLSearchParams({ ...hidden, username: userName, password });
    await victim.request(action, { method: 'POST', body });
    const ends = [];
    for (const url of resumptions(login)) ends.push(await attacker.get(url));

    for (const end of ends) expect(end.html).not.toContain(userName);
    expect(await isSignedIn(attacker, userName)).toBe(false);
  });

  it('is finished in the browser in which it was begun', async () => {
    const [visitor, { userName }] = [new WebVisitor(server), await aPerson(server)];

    await visitor.signIn(await begin(visitor), userName, password);

    expect(await isSignedIn(visitor, userName)).toBe(true);
  });
});
