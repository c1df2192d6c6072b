import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { User } from '../../../src/domain/users/user.ts';
import { type Asked, Authenticator } from '../../support/authenticator.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl, password, type TestClient } from '../interaction/a-sign-in.ts';
import { addPasskey, askedOn, passkeyRows } from '../passkeys/a-passkey.ts';
import { aPersonWithTotp, codeNow, forgetUses, wrongCode } from './a-second-factor.ts';

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

/** One browser on its way, and what it has really shown in each of its sign-ins. */
type Walk = {
  readonly user: User;
  readonly visitor: WebVisitor;
  readonly tabs: Page[];
  /** Interactions in which the right password was given, here. */
  readonly known: Set<string>;
  /** A good code was given where the password had been. */
  earned: boolean;
  readonly authenticator: Authenticator;
  readonly hasPasskey: boolean;
  /** It answered what was asked in that sign-in. */
  earnedByPasskey: boolean;
  /** What it answered last. */
  answer: string;
};

/** Somebody with an authenticator app, and with a passkey or without. */
async function begin(hasPasskey: boolean): Promise<Walk> {
  const { user } = await aPersonWithTotp(server);
  let authenticator = new Authenticator(server.issuer);
  if (hasPasskey) {
    const home = new WebVisitor(server);
    const asked = await home.signIn(await home.get('/account/sign-in'), user.userName, password);
    await home.submit(asked, 'code', { code: codeNow() });
    ({ authenticator } = await addPasskey(server, home));
    await server.foundation.pool.query('DELETE FROM provider_records WHERE account_id = $1', [user.id]);
  }
  const visitor = new WebVisitor(server);
  const tabs = [await visitor.get(authorizeUrl(server, app))];
  const nothing = { known: new Set<string>(), earned: false, earnedByPasskey: false, answer: '' };
  return { user, visitor, tabs, authenticator, hasPasskey, ...nothing };
}

const asksFor = (tab: Page, what: 'get' | 'create'): Asked | undefined =>
  tab.html.includes(`data-passkey="${what}"`) ? askedOn(tab) : undefined;

const pathOf = ({ url }: Page): string => /\/interaction\/[\w-]+/.exec(url)?.[0] ?? '/interaction/none';
const csrfOf = ({ forms }: Page): string => forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';

const steps: Readonly<Record<string, (walk: Walk, tab: Page) => Promise<Page>>> = {
  'another tab': ({ visitor }) => visitor.get(authorizeUrl(server, app, { prompt: 'login' })),
  'the right password': async ({ visitor, user, known }, tab) => {
    const page = await post(visitor, tab, 'login', { username: user.userName, password });
    if (page.html.includes('one-time-code')) known.add(pathOf(page));
    return page;
  },
  'a wrong password': ({ visitor, user }, tab) =>
    post(visitor, tab, 'login', { username: user.userName, password: 'x' }),
  'the right code': async (walk, tab) => {
    await forgetUses(server, walk.user.id);
    if (walk.known.has(pathOf(tab))) walk.earned = true;
    return post(walk.visitor, tab, 'code', { code: codeNow(), passkeys: 'yes' });
  },
  'the passkey': (walk, tab) => {
    const asked = asksFor(tab, 'get');
    if (asked && walk.hasPasskey) walk.earnedByPasskey = true;
    walk.answer = asked ? walk.authenticator.get(asked) : '';
    return post(walk.visitor, tab, 'passkey', { passkey: walk.answer });
  },
  'what the passkey answered before': (walk, tab) => post(walk.visitor, tab, 'passkey', { passkey: walk.answer }),
  'what the passkey answers in another tab': (walk, tab) => {
    const [other] = walk.tabs.filter((one) => pathOf(one) !== pathOf(tab));
    const asked = other && asksFor(other, 'get');
    return post(walk.visitor, tab, 'passkey', { passkey: asked ? walk.authenticator.get(asked) : '' });
  },
  'the passkey of nobody in particular': (walk, tab) => {
    const asked = asksFor(tab, 'get');
    const passkey = asked ? walk.authenticator.get(asked, { isVerified: false }) : '';
    return post(walk.visitor, tab, 'passkey', { passkey });
  },
  'a look at the offer of a passkey': ({ visitor }, tab) => visitor.get(`${pathOf(tab)}/passkey-offer`),
  'a passkey that was offered, or not': ({ visitor }, tab) => {
    const asked = asksFor(tab, 'create') ?? asksFor(tab, 'get');
    const passkey = asked ? new Authenticator(server.issuer).create(asked) : '';
    return post(visitor, tab, 'passkey-offer', { passkey });
  },
  'no passkey now': ({ visitor }, tab) => post(visitor, tab, 'passkey-offer', { later: 'yes' }),
  'a wrong code': ({ visitor }, tab) => post(visitor, tab, 'code', { code: wrongCode() }),
  'an empty code': ({ visitor }, tab) => post(visitor, tab, 'code', {}),
  'a made-up recovery code': ({ visitor }, tab) => post(visitor, tab, 'recovery-code', { code: 'aaaaa-aaaaa' }),
  'the fields of all steps at once': ({ visitor, user }, tab) =>
    post(visitor, tab, 'recovery-code', {
      username: user.userName,
      password,
      code: '',
      amr: 'mfa',
      decision: 'approve',
    }),
  'that the factor is lost': ({ visitor }, tab) => post(visitor, tab, 'lost-factor', { start: 'yes' }),
  'a look at what to do when it is lost': ({ visitor }, tab) => visitor.get(`${pathOf(tab)}/lost-factor`),
  'a wish to be trusted': ({ visitor }, tab) => post(visitor, tab, 'code', { code: '', trust: 'yes' }),
  'a reload': ({ visitor }, tab) => visitor.get(pathOf(tab)),
  'going on without': ({ visitor }, tab) => visitor.get(pathOf(tab).replace('/interaction/', '/authorize/')),
  'not you': ({ visitor }, tab) => post(visitor, tab, 'switch', { switch: 'yes' }),
  'the other way': ({ visitor }, tab) => visitor.get(`${pathOf(tab)}/recovery-code`),
  'a consent': ({ visitor }, tab) => post(visitor, tab, 'consent', { decision: 'approve' }),
};

const post = (visitor: WebVisitor, tab: Page, step: string, fields: Readonly<Record<string, string>>): Promise<Page> =>
  visitor.post(`${pathOf(tab)}/${step}`, { csrf: csrfOf(tab), ...fields });

async function sessionsOf({ id }: User): Promise<string[][]> {
  const { rows } = await server.foundation.pool.query<{ amr: string[] }>(
    `SELECT payload::jsonb->'amr' AS amr FROM provider_records WHERE model = 'Session' AND account_id = $1`,
    [id],
  );
  return rows.map(({ amr }) => amr);
}

it('SECURITY-LESSONS 23, 24: no walk through the steps of a sign-in yields a session, or an amr, without its factors', async () => {
  const names = Object.keys(steps);
  const walks = fc.array(fc.tuple(fc.constantFrom(...names), fc.nat({ max: 2 })), { minLength: 3, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(walks, fc.boolean(), async (taken, hasPasskey) => {
      const walk = await begin(hasPasskey);
      const { user } = walk;
      for (const [name, index] of taken) {
        const place = index % walk.tabs.length;
        const tab = walk.tabs[place];
        const page = tab && (await steps[name]?.(walk, tab));
        if (!page) throw new Error('no such step');
        expect(page.status).toBeLessThan(500);
        if (name === 'another tab') walk.tabs.push(page);
        // The page before stays open: a form that was shown is sent again later.
        else if (page.url.includes('/interaction/')) walk.tabs[place] = page;
        const earned = [
          ...(walk.earned ? [['pwd', 'otp', 'mfa']] : []),
          ...(walk.earnedByPasskey ? [['swk', 'user', 'mfa']] : []),
        ];
        for (const amr of await sessionsOf(user)) expect(earned).toContainEqual(amr);
        const passkeys = (await passkeyRows(server, user.id)).length;
        if (!walk.earned || hasPasskey) expect(passkeys).toBe(hasPasskey ? 1 : 0);
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
}, 120_000);
