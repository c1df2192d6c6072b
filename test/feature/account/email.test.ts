import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { amendUser } from '../../../src/domain/lifecycle/amend-user.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { reactivateUser } from '../../../src/domain/lifecycle/reactivate-user.ts';
import { resetPassword } from '../../../src/domain/lifecycle/reset-password.ts';
import { takeBackAccount } from '../../../src/domain/lifecycle/take-back-account.ts';
import { getUser } from '../../../src/domain/users/find-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { password } from '../interaction/a-sign-in.ts';
import { anAddressee, eventsOf } from '../mail/a-mail.ts';

const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;
let count = 0;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Person = User & { readonly address: string };
const anAddress = (): string => {
  count += 1;
  return `new-${process.pid}-${count}@example.net`;
};

async function aPerson({ verified = true } = {}): Promise<Person> {
  const address = anAddress();
  const emails = [
    { value: address, type: 'work', primary: true, verified },
    { value: `second-${address}`, primary: false, verified: true },
  ];
  const person = await anAddressee(server, { emails });
  const hash = await server.foundation.hashing.hashPassword(password);
  await server.foundation.transact(operator, (tx) => setPassword(tx, { userId: person.id, hash }));
  return { ...person, address };
}

async function signedIn(person: User, name = person.userName): Promise<{ visitor: WebVisitor; page: Page }> {
  const visitor = new WebVisitor(server);
  return { visitor, page: await visitor.signIn(await visitor.get('/account/email'), name, password) };
}
async function wish(
  person: Person,
  address = anAddress(),
): Promise<{ visitor: WebVisitor; answer: Page; address: string }> {
  const { visitor, page } = await signedIn(person);
  return { visitor, answer: await visitor.submit(page, 'email', { email: address }), address };
}
async function linkTo(address: string, path: 'confirm' | 'undo'): Promise<string> {
  await outboxDrained(server);
  const mails = await mailsTo(server, address);
  const start = `${server.issuer}/account/email/${path}?token=`;
  return linkIn(mails.find(({ text }) => text.includes(start)) ?? { text: '' }, start);
}
async function confirm(address: string, visitor = new WebVisitor(server)): Promise<Page> {
  return visitor.submit(await visitor.get(await linkTo(address, 'confirm')), 'token', {});
}
async function changed(person: Person): Promise<string> {
  const { address } = await wish(person);
  await confirm(person.address);
  await confirm(address);
  return address;
}
async function undo(link: string): Promise<Page> {
  const visitor = new WebVisitor(server);
  return visitor.submit(await visitor.get(link), 'token', {});
}
const emailsOf = async ({ id }: User) => (await getUser(server.foundation.read, id)).emails;
const addressOf = async (person: User) => (await emailsOf(person)).find(({ primary }) => primary)?.value;
const countOf = async (type: string, person: User) => (await eventsOf(server, type, person)).length;

describe('issue 5 item 10: an e-mail change is confirmed at both addresses', () => {
  it.each(['former first', 'new first'])('changes when both links were opened, %s', async (order) => {
    const person = await aPerson();
    const { answer, address } = await wish(person);
    const sides = order === 'former first' ? [person.address, address] : [address, person.address];

    const first = await confirm(sides[0] ?? '');
    const between = await addressOf(person);
    const second = await confirm(sides[1] ?? '');

    expect(answer.html).toContain('A change is under way');
    expect([titleOf(first), titleOf(second)].map((title) => title.split(' – ')[0])).toEqual([
      expect.stringContaining('One more step'),
      expect.stringContaining('Your address has changed'),
    ]);
    expect(between).toBe(person.address);
    expect(await emailsOf(person)).toEqual([
      { value: address, type: 'work', primary: true, verified: true },
      { value: `second-${person.address}`, primary: false, verified: true },
    ]);
    expect((await signedIn(person, address)).page.url).toBe(`${server.issuer}/account/email`);
    for (const type of ['email-changes.requested', 'email-changes.completed', 'users.updated'])
      expect([type, await countOf(type, person)]).toEqual([type, 1]);
    expect(await countOf('email-changes.confirmed', person)).toBe(2);
  });

  it('whoever has no proved address is asked at the new one alone', async () => {
    const person = await aPerson({ verified: false });
    const { address } = await wish(person);

    expect(titleOf(await confirm(address))).toContain('Your address has changed');
    expect(await addressOf(person)).toBe(address);
  });

  it('GET and HEAD confirm nothing; a second use is refused', async () => {
    const person = await aPerson();
    const { address } = await wish(person);
    const link = await linkTo(address, 'confirm');
    const visitor = new WebVisitor(server);
    await visitor.request(link, { method: 'HEAD' });
    const page = await visitor.get(link);
    const before = await countOf('email-changes.confirmed', person);

    const answers = [await visitor.submit(page, 'token', {}), await visitor.submit(page, 'token', {})];

    expect([before, ...answers.map(({ status }) => status)]).toEqual([0, 200, 410]);
  });

  it('of 50 uses of one link at once, one counts', async () => {
    const person = await aPerson();
    const { address } = await wish(person);
    const token = new URL(await linkTo(address, 'confirm')).searchParams.get('token') ?? '';

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => new WebVisitor(server).post('/account/email/confirm', { token })),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await countOf('email-changes.confirmed', person)).toBe(1);
  });

  const endings: Readonly<Record<string, (person: Person, visitor: WebVisitor) => Promise<unknown>>> = {
    'the person took it back': async (_, visitor) => visitor.submit(await visitor.get('/account/email'), 'cancel', {}),
    'another wish replaced it': async (_, visitor) =>
      visitor.submit(await visitor.get('/account/email'), 'email', { email: anAddress() }),
    'a day has passed': ({ id }) =>
      server.foundation.pool.query(
        `UPDATE email_changes SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
        [id],
      ),
    'an administrator gave another address': ({ id }) =>
      server.foundation.transact(operator, (tx) =>
        amendUser(tx, { id, patch: { emails: [{ value: anAddress(), verified: true, primary: true }] } }),
      ),
    'the person has another password since': async (_, visitor) => {
      const next = 'nine badgers count the rain';
      const form = { 'current-password': password, 'new-password': next, 'new-password-again': next };
      await visitor.submit(await visitor.get('/account'), 'new-password', form);
    },
    'somebody else gave them another password': async ({ id }) => {
      const hash = await server.foundation.hashing.hashPassword('nine badgers count the rain');
      await server.foundation.transact(operator, (tx) => resetPassword(tx, { userId: id, hash }));
    },
    'the account was taken back': ({ id, address }) =>
      server.foundation.transact(operator, (tx) => takeBackAccount(tx, { userId: id, addressKey: address })),
    'the person has left, and is back': async ({ id }) => {
      await server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: id }));
      await server.foundation.transact(operator, (tx) => reactivateUser(tx, { userId: id }));
    },
    'the person has left': ({ id }) => server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: id })),
  };
  const cases = Object.keys(endings).flatMap((name) => [[name, true] as const, [name, false] as const]);
  it.each(cases)('a link opens nothing when %s (an address was proved before: %s)', async (name, verified) => {
    const person = await aPerson({ verified });
    const { address, visitor } = await wish(person);
    const links = [...(verified ? [await linkTo(person.address, 'confirm')] : []), await linkTo(address, 'confirm')];
    await endings[name]?.(person, visitor);

    const answers = [];
    for (const link of links)
      answers.push(
        await new WebVisitor(server).post('/account/email/confirm', {
          token: new URL(link).searchParams.get('token') ?? '',
        }),
      );

    expect(answers.map(({ status }) => status)).toEqual(links.map(() => 410));
    expect(await addressOf(person)).not.toBe(address);
    expect(await countOf('email-changes.completed', person)).toBe(0);
  });

  it.each([
    ['not an address', 'Enter an e-mail address'],
    ['', 'Enter an e-mail address'],
    [`${'a'.repeat(400)}@example.com`, 'Enter an e-mail address'],
  ])('refuses what is no address, and shows it again (%#)', async (typed, message) => {
    const { answer } = await wish(await aPerson(), typed);

    expect(answer.status).toBe(422);
    expect(answer.html).toContain(message);
  });

  it('the present address is refused, however it is written', async () => {
    const person = await aPerson();

    expect((await wish(person, person.address.toUpperCase())).answer.html).toContain('This is your address already');
  });

  it('an address that somebody else has answers as any other does (SECURITY-LESSONS 21)', async () => {
    const other = await aPerson();

    expect((await wish(await aPerson(), other.address)).answer.html).toContain('A change is under way');
  });

  it('a form of another session asks for nothing', async () => {
    const person = await aPerson();
    const { visitor, page } = await signedIn(person);
    const { csrf = '' } = formWith((await signedIn(person)).page, 'email').hidden;

    const answer = await visitor.submit(page, 'email', { email: anAddress(), csrf });

    expect(answer.status).toBe(422);
    expect(await countOf('email-changes.requested', person)).toBe(0);
  });

  it('DOORWARD_EMAIL_CHANGE=off: nobody changes it', async () => {
    const strict = await startServer({ env: { DOORWARD_EMAIL_CHANGE: 'off' } });
    const person = await anAddressee(strict);
    const hash = await strict.foundation.hashing.hashPassword(password);
    await strict.foundation.transact(operator, (tx) => setPassword(tx, { userId: person.id, hash }));
    const visitor = new WebVisitor(strict);
    const page = await visitor.signIn(await visitor.get('/account/email'), person.userName, password);
    const { csrf = '' } = formWith(await visitor.get('/account'), 'new-password').hidden;

    const answer = await visitor.post('/account/email', { csrf, email: anAddress() });

    expect(page.forms.some(({ names }) => names.includes('email'))).toBe(false);
    expect(answer.status).toBe(422);
    expect(await eventsOf(strict, 'email-changes.requested', person)).toEqual([]);
    await strict.stop();
  });
});

describe('whoever has the old mailbox takes the address back', () => {
  it('the address is back, nobody is signed in, the password is void, and a link for a new one comes', async () => {
    const person = await aPerson();
    const thief = (await signedIn(person)).visitor;
    await changed(person);
    const link = await linkTo(person.address, 'undo');

    const page = await undo(link);

    expect(titleOf(page)).toContain('Your address is back');
    expect(await addressOf(person)).toBe(person.address);
    expect(titleOf(await thief.get('/account'))).toContain('Sign in');
    expect(titleOf((await signedIn(person)).page)).toContain('Sign in');
    for (const type of ['email-changes.undone', 'accounts.taken-back', 'passwords.removed'])
      expect([type, await countOf(type, person)]).toEqual([type, 1]);
    await outboxDrained(server);
    const start = `${server.issuer}/account/set-password?token=`;
    const mail = (await mailsTo(server, person.address)).find(({ text }) => text.includes(start));
    const visitor = new WebVisitor(server);
    const form = await visitor.get(linkIn(mail ?? { text: '' }, start));
    const set = await visitor.submit(form, 'new-password', {
      'new-password': 'nine badgers count the rain',
      'new-password-again': 'nine badgers count the rain',
    });
    expect(titleOf(set)).toContain('Your password');
  });

  it('GET uses nothing up; of 50 uses at once one counts; then it is void', async () => {
    const person = await aPerson();
    await changed(person);
    const link = await linkTo(person.address, 'undo');
    const shown = await new WebVisitor(server).get(link);
    const token = new URL(link).searchParams.get('token') ?? '';

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => new WebVisitor(server).post('/account/email/undo', { token })),
    );

    expect(shown.status).toBe(200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await new WebVisitor(server).get(link)).status).toBe(410);
  });

  it('the first of several changes takes all of them back, and void their links', async () => {
    const person = await aPerson();
    const second = await changed(person);
    await changed({ ...person, address: second });
    const later = await linkTo(second, 'undo');

    await undo(await linkTo(person.address, 'undo'));

    expect(await addressOf(person)).toBe(person.address);
    expect((await new WebVisitor(server).get(later)).status).toBe(410);
  });

  it('not after a week, and not when an administrator has given another address since', async () => {
    const [late, helped] = [await aPerson(), await aPerson()];
    await changed(late);
    await changed(helped);
    const links = [await linkTo(late.address, 'undo'), await linkTo(helped.address, 'undo')];
    await server.foundation.pool.query(
      `UPDATE email_changes SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
      [late.id],
    );
    await server.foundation.transact(operator, (tx) =>
      amendUser(tx, { id: helped.id, patch: { emails: [{ value: anAddress(), verified: true }] } }),
    );

    for (const link of links) {
      const token = new URL(link).searchParams.get('token') ?? '';
      expect((await new WebVisitor(server).post('/account/email/undo', { token })).status).toBe(410);
    }
    for (const person of [late, helped]) expect(await addressOf(person)).not.toBe(person.address);
  });

  it('SECURITY-LESSONS 11: a link for one thing opens no other', async () => {
    const person = await aPerson();
    const { address } = await wish(person);
    const token = new URL(await linkTo(address, 'confirm')).searchParams.get('token') ?? '';
    const visitor = new WebVisitor(server);

    const answers = [];
    for (const path of ['/account/email/undo', '/account/verify-email', '/account/set-password'])
      answers.push(await visitor.post(path, { token, 'new-password': 'nine badgers count' }));

    expect(answers.map(({ status }) => status)).toEqual([410, 410, 410]);
  });
});
