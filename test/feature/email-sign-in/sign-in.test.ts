import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { dumpTables } from '../../support/tables.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl, type TestClient } from '../interaction/a-sign-in.ts';
import { eventsOf, sessionOf } from '../passkeys/a-passkey.ts';
import { giveTotp } from '../second-factors/a-second-factor.ts';
import { aPersonWithAddress, ask, codeIn, enter, grantOf, linkOf, newestMail } from './a-code.ts';

let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_EMAIL_SIGN_IN: 'code-and-link' } });
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const sql = (text: string, ...values: unknown[]) => server.foundation.pool.query(text, values);
const wrong = (code: string): string => (code === '0000 0000' ? '1111 1111' : '0000 0000');

async function asked() {
  const person = await aPersonWithAddress(server);
  const at = await ask(server, app, person.userName);
  const mail = await newestMail(server, person.address);
  return { person, at, code: codeIn(mail), link: linkOf(server, mail) };
}

describe('signing in by mail', () => {
  it.each(['the user name', 'the address'])('by %s: the code of the mail signs in, and says so', async (how) => {
    const person = await aPersonWithAddress(server);
    const at = await ask(server, app, how === 'the address' ? person.address.toUpperCase() : person.userName);
    const code = codeIn(await newestMail(server, person.address));

    const end = await enter(at, code);

    expect(titleOf(at.page)).toContain('Look into your mail');
    expect(at.page.html).toContain('autocomplete="one-time-code"');
    expect(grantOf(server, end)).toBeDefined();
    const session = await sessionOf(server, person.id);
    // RFC 8176: a one-time password; no class that a password reaches.
    expect([session?.amr, session?.acr]).toEqual([['otp'], undefined]);
    expect(await eventsOf(server, person.id)).toEqual(
      expect.arrayContaining(['email-sign-ins.requested', 'factors.verified', 'sign-ins.succeeded']),
    );
  });

  it('the link of the mail signs in at its button; looking at it uses nothing up', async () => {
    const { at, link, person } = await asked();
    for (const method of ['HEAD', 'GET', 'HEAD']) await at.visitor.request(link, { method });
    await new WebVisitor(server).get(link);
    const page = await at.visitor.get(link);

    const end = await at.visitor.submit(page, 'confirm', { confirm: 'yes' });

    expect(titleOf(page)).toContain('Sign in now?');
    expect(grantOf(server, end)).toBeDefined();
    expect(await sessionOf(server, person.id)).toMatchObject({ amr: ['otp'] });
  });

  it('whoever is asked for a password or two factors by the application is asked, whatever a mailbox gave', async () => {
    const { at, code } = await asked();
    await enter(at, code);

    for (const wanted of [acr.password, acr.twoFactors])
      expect(titleOf(await at.visitor.get(authorizeUrl(server, app, { acr_values: wanted })))).toContain('Sign in');
  });
});

describe('SECURITY-LESSONS 35: bound to the browser that asked', () => {
  const elsewhere: Readonly<Record<string, () => Promise<WebVisitor>>> = {
    'a browser that has no part in it': async () => new WebVisitor(server),
    'a browser in a sign-in of its own': async () => {
      const visitor = new WebVisitor(server);
      await visitor.get(authorizeUrl(server, app));
      return visitor;
    },
  };

  it.each(Object.keys(elsewhere))('the link opens nothing in %s, and says where to open it', async (name) => {
    const { link, person, at, code } = await asked();
    const other = await elsewhere[name]?.();

    const page = await other?.get(link);
    const forced = await other?.post(link.split('?')[0] ?? '', {
      token: new URL(link).searchParams.get('token') ?? '',
    });

    expect([page?.status, page && titleOf(page)]).toEqual([
      400,
      expect.stringContaining('Open this link where you began'),
    ]);
    expect(forced && grantOf(server, forced)).toBeUndefined();
    expect(await sessionOf(server, person.id)).toBeUndefined();
    expect(grantOf(server, await enter(at, code))).toBeDefined();
  });

  it('a stolen interaction cookie without the secret of the browser opens nothing', async () => {
    const { at, code, person } = await asked();
    const path = new URL(at.page.url).pathname;
    const thief = new WebVisitor(server);
    for (const name of ['doorward_interaction', 'doorward_interaction.sig'])
      thief.plant(name, at.visitor.cookie(name, path) ?? '', path.replace(/\/email-code$/, ''));

    const csrf = at.page.forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';
    const answer = await thief.post(path, { csrf, code });

    expect(grantOf(server, answer)).toBeUndefined();
    expect(await sessionOf(server, person.id)).toBeUndefined();
  });

  it('the code of one sign-in signs in to no other, not even of the same person in the same browser', async () => {
    const first = await asked();
    const second = await ask(server, app, first.person.userName, first.at.visitor);

    expect((await enter(second, first.code)).status).toBe(422);
  });
});

describe('single use, short-lived, few guesses', () => {
  it('of many at once one signs in, and none afterwards', async () => {
    const { at, code, person } = await asked();

    await Promise.all(Array.from({ length: 8 }, () => enter(at, code)));
    await enter(at, code);

    const successes = (await eventsOf(server, person.id)).filter((event) => event === 'sign-ins.succeeded');
    expect(successes).toHaveLength(1);
  });

  it('code and link are one: what was used by the one is not there for the other', async () => {
    const { at, code, link } = await asked();
    await enter(at, code);

    expect((await at.visitor.get(link)).status).toBe(400);
  });

  it('after five guesses the right code is refused too', async () => {
    const { at, code, person } = await asked();
    const guesses: Page[] = [];
    for (let guess = 0; guess < 5; guess += 1) guesses.push(await enter(at, wrong(code)));

    const end = await enter(at, code);

    expect(guesses.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
    expect(grantOf(server, end)).toBeUndefined();
    expect(end.html).toContain('That code does not count any more.');
    expect(await eventsOf(server, person.id)).toEqual(
      expect.arrayContaining(['sign-ins.refused email_code_wrong', 'sign-ins.refused email_code_ended']),
    );
  });

  it('after ten minutes it is over', async () => {
    const { at, code, person } = await asked();
    const { rows } = await sql(
      `UPDATE email_sign_ins SET expires_at = expires_at - interval '10 minutes' WHERE user_id = $1
       RETURNING expires_at <= now() AS over`,
      person.id,
    );

    expect(rows).toEqual([{ over: true }]);
    expect((await enter(at, code)).html).toContain('That code does not count any more.');
  });

  it('a new mail ends the one before', async () => {
    const { at, code, person } = await asked();
    const again = await at.visitor.submit(
      await at.visitor.get(at.page.url.replace('email-code', 'email')),
      'username',
      { username: person.userName },
    );
    const next = codeIn(await newestMail(server, person.address, 2));

    expect((await enter({ visitor: at.visitor, page: again }, code)).status).toBe(422);
    expect(grantOf(server, await enter({ visitor: at.visitor, page: again }, next))).toBeDefined();
  });

  it.each([
    ['the address is no longer theirs', `UPDATE user_emails SET is_verified = false WHERE user_id = $1`],
    ['they are out', `UPDATE users SET status = 'suspended' WHERE id = $1`],
  ])('not when %s by now', async (_, change) => {
    const { at, code, person } = await asked();
    await sql(change, person.id);

    expect(grantOf(server, await enter(at, code))).toBeUndefined();
    expect(await sessionOf(server, person.id)).toBeUndefined();
  });

  it('at rest nothing says a code or opens a link', async () => {
    const { code, link } = await asked();
    const dump = JSON.stringify(await dumpTables(server.configuration.databaseUrl ?? ''));

    const token = new URL(link).searchParams.get('token') ?? 'no token';
    for (const secret of [code, code.replace(' ', ''), token, link]) expect(dump).not.toContain(secret);
  });
});

describe('never in the place of what somebody has set up', () => {
  it('whoever has an authenticator app gets a mail without a code, and is told how they sign in', async () => {
    const person = await aPersonWithAddress(server);
    await giveTotp(server, person.id);
    const at = await ask(server, app, person.userName);
    const mail = (await newestMail(server, person.address, 2)).text.includes('authenticator app, so')
      ? await newestMail(server, person.address, 2)
      : undefined;

    expect(mail && codeIn(mail)).toBe('');
    expect((await enter(at, '1234 5678')).status).toBe(422);
  });

  it('an app that was set up since the mail was written counts', async () => {
    const { at, code, person } = await asked();
    await giveTotp(server, person.id);

    expect(grantOf(server, await enter(at, code))).toBeUndefined();
    expect(await eventsOf(server, person.id)).toContain('sign-ins.refused more_asked');
  });
});

describe('SECURITY-LESSONS 21: nobody learns who has an account', () => {
  it('the pages for somebody and for nobody are the same, wrong codes included', async () => {
    const person = await aPersonWithAddress(server);
    const shown: string[][] = [];
    for (const name of [person.userName, 'nobody@example.com']) {
      const at = await ask(server, app, name);
      await outboxDrained(server);
      const pages = [at.page];
      for (let guess = 0; guess < 6; guess += 1) pages.push(await enter(at, '0000 0000'));
      shown.push(pages.map((page) => `${page.status} ${withoutOwn(page, name)}`));
    }

    expect(shown[0]).toEqual(shown[1]);
  });

  const withoutOwn = ({ html }: Page, name: string): string =>
    html
      .replaceAll(name, 'NAME')
      .replaceAll(/\/interaction\/[\w-]+/g, '/interaction/X')
      .replaceAll(/name="csrf" value="[^"]+"/g, '');

  it('who asks too often from one network waits, for a name that nobody has too', async () => {
    const { free } = throttleLimits.recoveryFromNetwork;
    let at = await ask(server, app, 'nobody.else@example.com');
    for (let count = 0; count < free + 1; count += 1) at = await ask(server, app, 'nobody.else@example.com');

    expect([at.page.status, at.page.headers.get('retry-after') !== null]).toEqual([429, true]);
  });
});

it('off, there is no link and no page, and a form that is sent all the same asks for nothing', async () => {
  const plain = await startServer();
  try {
    const visitor = new WebVisitor(plain);
    const login = await visitor.get(authorizeUrl(plain, await aClient(plain)));
    const csrf = login.forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';

    const page = await visitor.get(`${login.url}/email`);
    const answer = await visitor.post(`${login.url}/email`, { csrf, username: 'someone' });

    expect(login.html).not.toContain('/email"');
    expect([titleOf(page), titleOf(answer)]).toEqual([titleOf(login), titleOf(login)]);
    expect((await plain.foundation.pool.query('SELECT FROM email_sign_ins')).rows).toEqual([]);
  } finally {
    await plain.stop();
  }
});
