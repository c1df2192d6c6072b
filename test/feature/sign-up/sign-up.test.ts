import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../../src/config/load.ts';
import { inviteToSignUp } from '../../../src/domain/lifecycle/sign-up.ts';
import { findUserByUserName } from '../../../src/domain/users/find-user-by-user-name.ts';
import { keptMails, linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { anAddressee } from '../mail/a-mail.ts';

const secret = 'nine badgers count the harvest';
const terms = { DOORWARD_TERMS_URL: 'https://example.com/terms', DOORWARD_TERMS_VERSION: '2026-11' };
const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;
let count = 0;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_REGISTRATION: 'open', ...terms } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const anAddress = () => {
  count += 1;
  return `joiner-${process.pid}-${count}@example.com`;
};
const ask = async (email: string, on = server): Promise<Page> => {
  const visitor = new WebVisitor(on);
  return visitor.submit(await visitor.get('/sign-up'), 'email', { email });
};
async function linkFor(address: string): Promise<string> {
  await ask(address);
  const [mail] = await mailsTo(server, address);
  return linkIn(mail ?? { text: '' }, `${server.issuer}/sign-up/complete?token=`);
}
const complete = (page: Page, fields: Record<string, string> = {}) =>
  new WebVisitor(server).submit(page, 'new-password', {
    name: 'Ada Archer',
    'new-password': secret,
    'new-password-again': secret,
    terms: 'accepted',
    ...fields,
  });
const personOf = (address: string) => findUserByUserName(server.foundation.read, address);

describe('issue 5 §11: the language of mails', () => {
  it('is that of the page on which the mail was asked for, and the account keeps it', async () => {
    const address = anAddress();
    const visitor = new WebVisitor(server);
    await visitor.submit(await visitor.get('/sign-up?lang=ja'), 'email', { email: address });
    const [mail] = await mailsTo(server, address);
    const link = linkIn(mail ?? { text: '' }, `${server.issuer}/sign-up/complete?token=`);

    await visitor.submit(await visitor.get(link), 'new-password', {
      name: '青山 葵',
      'new-password': secret,
      'new-password-again': secret,
      terms: 'accepted',
    });
    await visitor.submit(await visitor.get('/recover?lang=de'), 'username', { username: address });
    const [recovery] = await mailsTo(server, address, 2);

    expect(mail?.subject).toBe('アカウントの作成');
    expect(mail?.html).toContain('<html lang="ja" dir="ltr">');
    expect(recovery?.subject).toBe('新しいパスワードの設定');
    expect(recovery?.text).toContain('青山 葵 様');
    expect(await personOf(address)).toMatchObject({ preferredLanguage: 'ja' });
  });
});

describe('an account of the own making', () => {
  it('address, mail, name and password: then there is an account with a verified address, and one can sign in', async () => {
    const address = anAddress();
    const page = await new WebVisitor(server).get(await linkFor(address));

    const done = await complete(page);

    expect(titleOf(done)).toContain('Your account is ready');
    expect(await personOf(address)).toMatchObject({
      displayName: 'Ada Archer',
      emails: [{ value: address, primary: true, verified: true }],
    });
    const visitor = new WebVisitor(server);
    expect((await visitor.signIn(await visitor.get('/account'), address, secret)).url).toBe(`${server.issuer}/account`);
  });

  it('the sign-in page leads there, and nothing is made before the link was opened', async () => {
    const address = anAddress();

    await ask(address);
    await mailsTo(server, address);

    expect((await new WebVisitor(server).get('/account')).html).toContain('href="/sign-up"');
    expect(await personOf(address)).toBeUndefined();
  });

  it('which terms were accepted, when and by whom is kept, and stands in the audit log', async () => {
    const address = anAddress();
    await complete(await new WebVisitor(server).get(await linkFor(address)));

    const person = await personOf(address);
    const rows = await server.foundation.read.query('SELECT version FROM terms_acceptances WHERE user_id = $1', [
      person?.id,
    ]);
    const events = await server.foundation.read.query(
      `SELECT details, ip_address FROM audit_events WHERE type = 'terms.accepted' AND target_id = $1`,
      [person?.id],
    );
    expect(rows).toEqual([{ version: '2026-11' }]);
    expect(events).toEqual([
      { details: { document: 'terms', version: '2026-11', url: terms.DOORWARD_TERMS_URL }, ip_address: '127.0.0.1' },
    ]);
  });

  it.each([
    ['no terms', { terms: '' }, 'consent to the terms'],
    ['no name', { name: '  ' }, 'Enter your name'],
    ['a short password', { 'new-password': 'short', 'new-password-again': 'short' }, 'too short'],
    ['two that differ', { 'new-password-again': 'other' }, 'not the same'],
  ])('%s: the form comes back with what was typed, and the link stays good', async (_, fields, words) => {
    const address = anAddress();
    const page = await new WebVisitor(server).get(await linkFor(address));

    const refused = await complete(page, fields);
    const done = await complete(refused);

    expect([refused.status, done.status]).toEqual([422, 200]);
    expect(refused.html).toContain(words);
    expect(refused.html).not.toContain(secret);
  });

  it('SECURITY-LESSONS 10: of twenty completions at once one succeeds; GET and HEAD use nothing up', async () => {
    const address = anAddress();
    const link = await linkFor(address);
    await new WebVisitor(server).request(link, { method: 'HEAD' });
    const page = await new WebVisitor(server).get(link);

    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(page)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await new WebVisitor(server).get(link)).status).toBe(410);
  });

  it('SECURITY-LESSONS 17: nothing but a name and a password can be said about oneself', async () => {
    const address = anAddress();
    const page = await new WebVisitor(server).get(await linkFor(address));

    await complete(page, {
      active: 'false',
      userName: 'root',
      roles: 'administrator',
      email: 'other@example.com',
      verified: 'true',
    });

    const person = await personOf(address);
    const roles = await server.foundation.read.query('SELECT 1 FROM role_assignments WHERE user_id = $1', [person?.id]);
    expect([person?.userName, person?.emails.length, roles]).toEqual([address, 1, []]);
  });

  it('whoever got the name meanwhile keeps it, and the holder of the address is told', async () => {
    const address = anAddress();
    const page = await new WebVisitor(server).get(await linkFor(address));
    await anAddressee(server, { userName: address });

    const done = await complete(page);

    expect([done.status, titleOf(done)]).toEqual([409, expect.stringContaining('There is an account already')]);
  });
});

describe('SECURITY-LESSONS 21: nobody learns who has an account', () => {
  it('the same answer; whoever has the address reads in the mail that there is one', async () => {
    const known = await anAddressee(server);
    const unknown = anAddress();
    const answers = [];
    for (const email of [known.address, unknown]) {
      const { answer } = await new WebVisitor(server).request('/sign-up', {
        method: 'POST',
        body: new URLSearchParams({ email }),
      });
      const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
      answers.push(JSON.stringify([answer.status, headers, await answer.text()]));
    }

    const [toKnown] = await mailsTo(server, known.address);
    const [toUnknown] = await mailsTo(server, unknown);
    expect(new Set(answers).size).toBe(1);
    expect([toKnown?.subject, toUnknown?.subject]).toEqual(['You have an account already', 'Create your account']);
    expect(toKnown?.text).not.toContain('/sign-up/complete');
  });

  it.each(['', 'nobody', 'two@example.com, three@example.com', 'a@example.com\r\nBcc: x@example.com'])(
    '%j is no address',
    async (email) => {
      const { answer } = await new WebVisitor(server).request('/sign-up', {
        method: 'POST',
        body: new URLSearchParams({ email }),
      });
      expect(answer.status).toBe(422);
    },
  );
});

describe('who may', () => {
  it.each([
    [{}, [404, 404]],
    [{ DOORWARD_REGISTRATION: 'invitation' }, [404, 410]],
  ])('%j', async (env, expected) => {
    const other = await startServer({ env });
    const visitor = new WebVisitor(other);
    const statuses = [(await visitor.get('/sign-up')).status, (await visitor.get('/sign-up/complete?token=x')).status];
    const login = await visitor.get('/account');
    await other.stop();

    expect(statuses).toEqual(expected);
    expect(login.html).not.toContain('/sign-up');
  });

  it('invitation: whoever an operator sent a link', async () => {
    const other = await startServer({ env: { DOORWARD_REGISTRATION: 'invitation' } });
    const address = anAddress();
    await other.foundation.transact(operator, async (tx) => inviteToSignUp(tx, address));
    const [mail] = await mailsTo(other, address);
    const page = await new WebVisitor(other).get(
      linkIn(mail ?? { text: '' }, `${other.issuer}/sign-up/complete?token=`),
    );
    await other.stop();

    expect(page.status).toBe(200);
  });

  it('domains: an address elsewhere is told so, and gets no mail', async () => {
    const other = await startServer({
      env: { DOORWARD_REGISTRATION: 'domains', DOORWARD_REGISTRATION_DOMAINS: 'example.com,Example.net' },
    });
    const answers = [];
    for (const email of [
      'a@example.com',
      'b@EXAMPLE.net',
      'c@sub.example.com',
      'd@example.com.evil.example',
      'e@evil-example.com',
    ])
      answers.push((await ask(email, other)).status);
    await outboxDrained(other);
    const mails = (await keptMails(other)).map(({ to }) => to);
    await other.stop();

    expect(answers).toEqual([200, 200, 422, 422, 422]);
    expect(mails.sort()).toEqual(['a@example.com', 'b@EXAMPLE.net'].sort());
  });

  it.each([
    [{ DOORWARD_REGISTRATION: 'domains' }, 'DOORWARD_REGISTRATION_DOMAINS'],
    [{ DOORWARD_TERMS_URL: 'https://example.com/terms' }, 'DOORWARD_TERMS_VERSION'],
    [{ DOORWARD_REGISTRATION: 'open', NODE_ENV: 'production' }, 'DOORWARD_SMTP_URL'],
    [{ DOORWARD_REGISTRATION: 'domains', DOORWARD_REGISTRATION_DOMAINS: '@example.com' }, 'expected a domain'],
  ])('%j is refused at start', (env, words) => {
    const result = loadConfiguration(env, process.cwd());

    expect(result.ok ? '' : result.problems.join()).toContain(words);
  });
});
