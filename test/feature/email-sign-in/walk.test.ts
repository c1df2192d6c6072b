import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keptMails, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPolicy } from '../policy/a-policy.ts';
import { aPersonWithAddress, codeIn, grantOf, linkOf } from './a-code.ts';

let server: RunningServer;
/** Its policy asks for terms. */
let app: TestClient;
/** Its policy asks for two factors, and nobody here has them. */
let strict: TestClient;

const terms = { document: 'rules', version: '1', title: 'House rules', url: 'https://example.com/rules' };

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_EMAIL_SIGN_IN: 'code-and-link' } });
  app = await aClient(server, { firstParty: true });
  strict = await aClient(server, { firstParty: true });
  await aPolicy(server, {
    clientId: app.clientId,
    rules: [{ effect: 'require', requirements: { terms: [terms] } }],
  });
  await aPolicy(server, {
    clientId: strict.clientId,
    rules: [{ effect: 'require', requirements: { factors: 'two_factors' } }],
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

/** One browser on its way, and what it has really shown. */
type Walk = {
  readonly person: Awaited<ReturnType<typeof aPersonWithAddress>>;
  readonly visitor: WebVisitor;
  /** Somebody else, who is told codes and links. */
  readonly thief: WebVisitor;
  readonly client: TestClient;
  readonly tabs: Page[];
  /** What came by mail, by the interaction that asked. */
  readonly mails: Map<string, { readonly code: string; readonly link: string }>;
  /** Factors given where they were asked for. */
  readonly earned: Set<'pwd' | 'otp'>;
  hasAgreed: boolean;
};

async function begin(isStrict: boolean): Promise<Walk> {
  const client = isStrict ? strict : app;
  const visitor = new WebVisitor(server);
  return {
    person: await aPersonWithAddress(server),
    visitor,
    thief: new WebVisitor(server),
    client,
    tabs: [await visitor.get(authorizeUrl(server, client))],
    mails: new Map(),
    earned: new Set(),
    hasAgreed: false,
  };
}

const pathOf = ({ url }: Page): string => /\/interaction\/[\w-]+/.exec(url)?.[0] ?? '/interaction/none';
const csrfOf = ({ forms }: Page): string => forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';
const post = (visitor: WebVisitor, tab: Page, step: string, fields: Readonly<Record<string, string>>): Promise<Page> =>
  visitor.post(`${pathOf(tab)}/${step}`, { csrf: csrfOf(tab), ...fields });

/** The mails that have come, by the interaction that their links lead to; of each the newest. */
async function readMails({ person, mails }: Walk): Promise<void> {
  await outboxDrained(server);
  for (const mail of (await keptMails(server)).filter(({ to }) => to === person.address).reverse()) {
    if (!mail.text.includes(`${server.issuer}/interaction/`)) continue;
    const link = linkOf(server, mail);
    mails.set(/\/interaction\/[\w-]+/.exec(link)?.[0] ?? '', { code: codeIn(mail), link });
  }
}

const mailOf = (walk: Walk, tab: Page) =>
  walk.mails.get(pathOf(tab)) ?? { code: '', link: '/interaction/none/email-link' };
const mailOfAnother = (walk: Walk, tab: Page) =>
  [...walk.mails].find(([path]) => path !== pathOf(tab))?.[1] ?? { code: '', link: '/interaction/none/email-link' };

/** Presses the button behind a link. */
async function confirm(visitor: WebVisitor, link: string): Promise<Page> {
  const page = await visitor.get(link);
  return page.forms.some(({ names }) => names.includes('confirm'))
    ? visitor.submit(page, 'confirm', { confirm: 'yes' })
    : page;
}

const steps: Readonly<Record<string, (walk: Walk, tab: Page) => Promise<Page>>> = {
  'another tab': ({ visitor, client }) => visitor.get(authorizeUrl(server, client, { prompt: 'login' })),
  'the right password': ({ visitor, person, earned }, tab) => {
    if (csrfOf(tab) !== '') earned.add('pwd');
    return post(visitor, tab, 'login', { username: person.userName, password });
  },
  'a wrong password': ({ visitor, person }, tab) =>
    post(visitor, tab, 'login', { username: person.userName, password: 'x' }),
  'that a mail is wanted': async (walk, tab) => {
    const page = await post(walk.visitor, tab, 'email', { username: walk.person.userName });
    await readMails(walk);
    return page;
  },
  'the code of the mail': (walk, tab) => {
    const { code } = mailOf(walk, tab);
    if (code !== '') walk.earned.add('otp');
    return post(walk.visitor, tab, 'email-code', { code });
  },
  'the code of another tab’s mail': (walk, tab) =>
    post(walk.visitor, tab, 'email-code', { code: mailOfAnother(walk, tab).code }),
  'an empty code': ({ visitor }, tab) => post(visitor, tab, 'email-code', {}),
  'a look at the link': (walk, tab) => walk.visitor.get(mailOf(walk, tab).link),
  'the link of the mail': (walk, tab) => {
    if (walk.mails.has(pathOf(tab))) walk.earned.add('otp');
    return confirm(walk.visitor, mailOf(walk, tab).link);
  },
  'the link in another browser': async (walk, tab) => {
    await confirm(walk.thief, mailOf(walk, tab).link);
    return tab;
  },
  'the code in another browser': async (walk, tab) => {
    const page = await walk.thief.get(authorizeUrl(server, walk.client));
    const own = await post(walk.thief, page, 'email', { username: walk.person.userName });
    await post(walk.thief, own, 'email-code', { code: mailOf(walk, tab).code });
    await readMails(walk);
    return tab;
  },
  'the terms, accepted': (walk, tab) => {
    const form = tab.forms.find(({ names }) => names.includes('terms.0'));
    if (form) walk.hasAgreed = true;
    return post(walk.visitor, tab, 'agreement', { ...form?.hidden, 'terms.0': 'accepted' });
  },
  'the terms, not accepted': ({ visitor }, tab) => post(visitor, tab, 'agreement', {}),
  'the fields of all steps at once': ({ visitor }, tab) =>
    post(visitor, tab, 'consent', { 'terms.0': 'refused', confirm: 'yes', amr: 'otp', decision: 'approve' }),
  'a look at what holds it up': ({ visitor }, tab) => visitor.get(`${pathOf(tab)}/policy`),
  'a reload': ({ visitor }, tab) => visitor.get(pathOf(tab)),
  'going on without': ({ visitor }, tab) => visitor.get(pathOf(tab).replace('/interaction/', '/authorize/')),
  'not you': ({ visitor }, tab) => post(visitor, tab, 'switch', { switch: 'yes' }),
};

const rightWays: readonly (readonly [string, number])[][] = [
  ['that a mail is wanted', 'the code of the mail', 'the terms, accepted'],
  ['that a mail is wanted', 'a look at the link', 'the link of the mail', 'the terms, accepted'],
  ['the right password', 'the terms, accepted'],
].map((way) => way.map((name) => [name, 0]));

async function sessionsOf({ person }: Walk): Promise<string[]> {
  const { rows } = await server.foundation.pool.query<{ amr: string }>(
    `SELECT payload::jsonb->'amr'->>0 AS amr FROM provider_records WHERE model = 'Session' AND account_id = $1`,
    [person.id],
  );
  return rows.map(({ amr }) => amr);
}

it('SECURITY-LESSONS 21, 23, 24, 35: no walk yields a session without its factor, or a code past what a policy asks for', async () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat({ max: 1 }));
  // A way that leads on, with anything else before, between and after its steps.
  const walks = fc
    .tuple(fc.constantFrom(...rightWays), fc.array(step, { minLength: 1, maxLength: 8 }))
    .map(([way, others]) => {
      const between = Array.from({ length: Math.max(way.length, others.length) }, (_, index) => index);
      return between.flatMap((index) => [...others.slice(index, index + 1), ...way.slice(index, index + 1)]);
    });
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(walks, fc.boolean(), async (taken, isStrict) => {
      const walk = await begin(isStrict);
      for (const [name, index] of taken) {
        const place = index % walk.tabs.length;
        const tab = walk.tabs[place];
        const page = tab && (await steps[name]?.(walk, tab));
        if (!page) throw new Error('no such step');
        expect(page.status).toBeLessThan(500);
        for (const amr of await sessionsOf(walk)) expect([...walk.earned]).toContain(amr);
        if (grantOf(server, page) !== undefined) {
          grants += 1;
          expect([walk.earned.size > 0, walk.hasAgreed, isStrict]).toEqual([true, true, false]);
        }
        if (name === 'another tab') walk.tabs.push(page);
        // The page before stays open: a form that was shown is sent again later.
        else if (page.url.includes('/interaction/')) walk.tabs[place] = page;
      }
      expect(titleOf(await walk.thief.get('/account'))).not.toContain('My account');
    }),
    { numRuns: 60, endOnFailure: true, examples: rightWays.map((way) => [way, false]) },
  );
  expect(grants).toBeGreaterThanOrEqual(rightWays.length);
}, 120_000);
