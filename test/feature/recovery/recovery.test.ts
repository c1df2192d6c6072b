import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { amendUser } from '../../../src/domain/lifecycle/amend-user.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { RECOVERY_LINK_SECONDS } from '../../../src/domain/lifecycle/prepare-mail.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { eventually } from '../../support/eventually.ts';
import { keptMails, linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { password } from '../interaction/a-sign-in.ts';
import { anAddressee, enqueue, eventsOf } from '../mail/a-mail.ts';

const next = 'nine badgers count the harvest';
const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function aPersonWithPassword(facts: Parameters<typeof anAddressee>[1] = {}) {
  const person = await anAddressee(server, facts);
  const hash = await server.foundation.hashing.hashPassword(password);
  await server.foundation.transact(operator, (tx) => setPassword(tx, { userId: person.id, hash }));
  return person;
}

async function ask(userName: string, visitor = new WebVisitor(server)): Promise<Page> {
  return visitor.submit(await visitor.get('/recover'), 'username', { username: userName });
}
async function linkFor(person: { address: string }, userName: string): Promise<string> {
  await ask(userName);
  const [mail] = await mailsTo(server, person.address);
  return linkIn(mail ?? { text: '' }, `${server.issuer}/account/set-password?token=`);
}
const choose = (visitor: WebVisitor, page: Page, secret = next) =>
  visitor.submit(page, 'new-password', { 'new-password': secret, 'new-password-again': secret });
async function signedIn({ userName }: User, secret = password): Promise<WebVisitor | undefined> {
  const visitor = new WebVisitor(server);
  const page = await visitor.signIn(await visitor.get('/account'), userName, secret);
  return page.url === `${server.issuer}/account` ? visitor : undefined;
}

describe('a forgotten password', () => {
  it('DESIGN §8 "Pages": the sign-in page leads to it', async () => {
    const page = await new WebVisitor(server).get('/account');

    expect(page.html).toContain('href="/recover"');
  });

  it.each(['by user name', 'by address'])(
    '%s: a link comes by mail, opens in any browser, and sets a new password',
    async (how) => {
      const person = await aPersonWithPassword();
      const before = await signedIn(person);
      const link = await linkFor(person, how === 'by address' ? person.address.toUpperCase() : person.userName);

      const elsewhere = new WebVisitor(server);
      const done = await choose(elsewhere, await elsewhere.get(link));

      expect(titleOf(done)).toContain('Your password is set');
      expect(titleOf((await before?.get('/account')) ?? done)).toContain('Sign in');
      expect(await signedIn(person, password)).toBeUndefined();
      expect(await signedIn(person, next)).toBeDefined();
    },
  );

  it('DESIGN §8 "Mail": GET and HEAD use the link up for nobody, POST once for all', async () => {
    const person = await aPersonWithPassword();
    const link = await linkFor(person, person.userName);
    const visitor = new WebVisitor(server);
    for (const method of ['HEAD', 'GET', 'HEAD']) await visitor.request(link, { method });
    const page = await visitor.get(link);

    const done = await choose(visitor, page);
    const again = await choose(visitor, page, 'eleven herons stand in the mud');

    expect([done.status, again.status]).toEqual([200, 410]);
    expect(again.html).toContain('href="/recover"');
    expect(await signedIn(person, next)).toBeDefined();
  });

  it('SECURITY-LESSONS 10: of fifty redemptions at once one succeeds', async () => {
    const person = await aPersonWithPassword();
    const page = await new WebVisitor(server).get(await linkFor(person, person.userName));

    const answers = await Promise.all(Array.from({ length: 50 }, () => choose(new WebVisitor(server), page)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(49);
  });

  it('the person is told that their password was set, and the log says who asked, what was sent and what was used', async () => {
    const person = await aPersonWithPassword();
    const visitor = new WebVisitor(server);
    await choose(visitor, await visitor.get(await linkFor(person, person.userName)));

    const [notice] = await mailsTo(server, person.address, 2);

    expect(notice?.subject).toBe('Your password was changed');
    for (const type of [
      'recoveries.requested',
      'mails.written',
      'set-password-links.issued',
      'set-password-links.redeemed',
      'passwords.changed',
    ]) {
      expect([type, (await eventsOf(server, type, person)).length > 0]).toEqual([type, true]);
    }
  });

  it('a link is good for half an hour from when it was written', async () => {
    const person = await aPersonWithPassword();
    const link = await linkFor(person, person.userName);
    const token = new URL(link).searchParams.get('token') ?? '';
    const [row] = await server.foundation.read.query<{ seconds: number }>(
      `SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM one_time_links WHERE token_hash = sha256($1)`,
      [Buffer.from(token)],
    );
    await server.foundation.read.query(
      `UPDATE one_time_links SET expires_at = now() - interval '1 second' WHERE token_hash = sha256($1)`,
      [Buffer.from(token)],
    );

    const page = await new WebVisitor(server).get(link);

    expect(row?.seconds).toBe(RECOVERY_LINK_SECONDS);
    expect([page.status, titleOf(page)]).toEqual([410, expect.stringContaining('no longer works')]);
  });

  it.each([
    ['a recovery', true],
    ['an invitation', false],
  ])(
    '%s that went to an address which is not theirs any more opens nothing, shown before or not',
    async (_, hasPassword) => {
      const person = hasPassword ? await aPersonWithPassword() : await anAddressee(server);
      if (!hasPassword) await enqueue(server, { kind: 'invitation', userId: person.id });
      const link = hasPassword
        ? await linkFor(person, person.userName)
        : linkIn(
            (await mailsTo(server, person.address))[0] ?? { text: '' },
            `${server.issuer}/account/set-password?token=`,
          );
      const visitor = new WebVisitor(server);
      const shown = await visitor.get(link);
      await server.foundation.transact(operator, (tx) =>
        amendUser(tx, { id: person.id, patch: { emails: [{ value: `not-${person.address}`, primary: true }] } }),
      );

      const answers = [await new WebVisitor(server).get(link), await choose(visitor, shown)];

      expect(answers.map(({ status }) => status)).toEqual([410, 410]);
      expect(await signedIn(person, next)).toBeUndefined();
    },
  );

  it('whoever asks in the name of somebody else makes none of their links void', async () => {
    const person = await aPersonWithPassword();
    const link = await linkFor(person, person.userName);
    await ask(person.userName);
    await mailsTo(server, person.address, 2);

    expect((await new WebVisitor(server).get(link)).status).toBe(200);
  });

  it('a person without a password gets one this way too, and no notice of a change', async () => {
    const person = await anAddressee(server);
    const visitor = new WebVisitor(server);
    await choose(visitor, await visitor.get(await linkFor(person, person.userName)));
    await outboxDrained(server);

    expect(await signedIn(person, next)).toBeDefined();
    expect((await mailsTo(server, person.address)).map(({ subject }) => subject)).toEqual(['Choose a new password']);
  });

  it.each([
    ['nothing', '', 422],
    ['blanks', '   ', 422],
    ['NUL', 'a\u0000b', 400],
    ['a megabyte of marks', '\u0301'.repeat(20_000), 303],
    ['a lone surrogate, as a browser sends it', '\ufffd', 303],
    ['markup', '<script>alert(1)</script>', 303],
  ])('%s is answered without an error of ours', async (_, userName, status) => {
    const { answer } = await new WebVisitor(server).request('/recover', {
      method: 'POST',
      body: new URLSearchParams({ username: userName }),
    });

    expect(answer.status).toBe(status);
  });

  it('SECURITY-LESSONS 29: links are on the issuer, whatever headers say', async () => {
    const person = await aPersonWithPassword();
    for (const name of ['Host', 'X-Forwarded-Host', 'Forwarded', 'X-Original-Host', 'X-Forwarded-Proto']) {
      await new WebVisitor(server).request('/recover', {
        method: 'POST',
        body: new URLSearchParams({ username: person.userName }),
        headers: { [name]: name === 'Forwarded' ? 'host=evil.example' : 'evil.example' },
      });
    }

    const mails = await mailsTo(server, person.address, 5);
    const addresses = mails.flatMap(({ text, html }) => `${text} ${html}`.match(/https?:\/\/[^\s"<]+/g) ?? []);
    expect(addresses.filter((address) => !address.startsWith(`${server.issuer}/`))).toEqual([]);
    expect(mails.map(({ html }) => html).join()).not.toContain('evil.example');
  });
});

describe('SECURITY-LESSONS 21: nobody learns who has an account', () => {
  it('the same answer for everybody, and mail for those alone who can have it', async () => {
    const person = await aPersonWithPassword();
    const inactive = await aPersonWithPassword();
    await server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: inactive.id }));
    const unproved = await anAddressee(server, {
      emails: [{ value: `u-${process.pid}@example.com`, verified: false }],
    });
    const before = (await keptMails(server)).length;

    const answers = [];
    for (const name of [
      person.userName,
      inactive.userName,
      unproved.userName,
      `u-${process.pid}@example.com`,
      'nobody@example.com',
    ]) {
      const { answer } = await new WebVisitor(server).request('/recover', {
        method: 'POST',
        body: new URLSearchParams({ username: name }),
      });
      const headers = [...answer.headers].filter(([header]) => !['date', 'x-request-id'].includes(header));
      answers.push(JSON.stringify([answer.status, headers, await answer.text()]));
    }
    await outboxDrained(server);

    expect(new Set(answers).size).toBe(1);
    expect((await keptMails(server)).length - before).toBe(1);
    const events = await server.foundation.read.query<{ details: object | null }>(
      `SELECT details FROM audit_events WHERE type = 'recoveries.requested' AND target_id IS NULL`,
    );
    expect(JSON.stringify(events)).not.toContain('nobody@example.com');
  });

  it('asking again and again for one name is slowed, and with it nobody else', async () => {
    const person = await aPersonWithPassword();
    let page = await ask(person.userName);
    for (let count = 0; count < 5; count += 1) page = await ask(person.userName);
    const other = await ask('somebody else');

    expect(page.status).toBe(429);
    expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(other.status).toBe(200);
  });
});

it('whoever moves through a /48 has a limit too: every request is a row in the log (ADR 0020)', async () => {
  const other = await startServer({ env: { DOORWARD_TRUST_PROXY: '127.0.0.1' } });
  const most = throttleLimits.recoveryFromWideNetwork.free;
  const ask = (n: number) =>
    rawRequest(`${other.origin}/recover`, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': `2001:db8:7:${n.toString(16)}::1`,
      },
      body: `username=nobody-${n}`,
    });
  const answers = await Promise.all(Array.from({ length: most + 60 }, (_, n) => ask(n)));
  await other.stop();

  const [taken, slowed] = [303, 429].map((code) => answers.filter(({ status }) => status === code).length);
  expect(Number(taken) + Number(slowed)).toBe(most + 60);
  // Some drains while they come.
  expect(slowed).toBeGreaterThan(30);
});

describe('without a mail server in production', () => {
  it('the page says whom to ask, and takes nothing', async () => {
    const other = await startServer({ env: { NODE_ENV: 'production', DOORWARD_BCRYPT_COST: '10' } });
    const page = await new WebVisitor(other).get('/recover');
    const { answer } = await new WebVisitor(other).request('/recover', {
      method: 'POST',
      body: new URLSearchParams({ username: 'a' }),
    });
    await other.stop();

    expect(page.html).toContain('Ask your administrator');
    expect(answer.status).toBe(405);
  });
});

describe('notices', () => {
  it('a new browser is told to whoever has others; the first one, and one that is known, is not', async () => {
    const person = await aPersonWithPassword();
    await signedIn(person);
    await server.foundation.read.query(
      `UPDATE known_devices SET created_at = created_at - interval '1 hour' WHERE user_id = $1`,
      [person.id],
    );
    await outboxDrained(server);
    const first = await mailsTo(server, person.address, 0);

    const known = await signedIn(person);
    const [mail] = await mailsTo(server, person.address);
    const again = new WebVisitor(server);
    again.plant('doorward_device', known?.cookie('doorward_device') ?? '');
    await again.signIn(await again.get('/account'), person.userName, password);
    await outboxDrained(server);

    expect(first).toEqual([]);
    expect(mail?.subject).toBe('A new browser signed in to your account');
    expect(mail?.text).toContain('127.0.0.1');
    expect(await mailsTo(server, person.address)).toHaveLength(1);
  });

  it('whoever loses an address hears of it there', async () => {
    const person = await aPersonWithPassword();
    await server.foundation.transact(operator, (tx) =>
      amendUser(tx, { id: person.id, patch: { emails: [{ value: 'other@example.com', verified: true }] } }),
    );

    const [mail] = await mailsTo(server, person.address);
    expect(mail?.subject).toBe('Your e-mail address was changed');
    expect(mail?.text).not.toContain('other@example.com');
  });

  it('the own change of a password is told too', async () => {
    const person = await aPersonWithPassword();
    const here = await signedIn(person);
    await here?.submit(await here.get('/account'), 'new-password', {
      'current-password': password,
      'new-password': next,
      'new-password-again': next,
    });

    const [mail] = await eventually(
      () => mailsTo(server, person.address),
      (mails) => mails.length > 0,
    );
    expect(mail?.text).toContain('changed on the account page');
  });
});
