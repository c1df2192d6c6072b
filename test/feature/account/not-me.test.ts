import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { amendUser } from '../../../src/domain/lifecycle/amend-user.ts';
import type { Mail } from '../../../src/domain/notifications/mail.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl, password } from '../interaction/a-sign-in.ts';
import { aNotice, anAddressee, enqueue, eventsOf } from '../mail/a-mail.ts';
import { addPasskey, passkeyRows, useOn } from '../passkeys/a-passkey.ts';
import { giveTotp } from '../second-factors/a-second-factor.ts';

const operator = { type: 'operator', id: 'test' } as const;
const next = 'nine badgers count the rain';
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function aPerson() {
  const person = await anAddressee(server);
  const hash = await server.foundation.hashing.hashPassword(password);
  await server.foundation.transact(operator, (tx) => setPassword(tx, { userId: person.id, hash }));
  return person;
}
async function signedIn({ userName }: User, secret = password): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get('/account'), userName, secret);
  return visitor;
}
const isSignedIn = async (visitor: WebVisitor): Promise<boolean> =>
  titleOf(await visitor.get('/account')).includes('My account');

/** The link in the newest mail to the address. */
async function linkTo(address: string, path = 'not-me'): Promise<string> {
  await outboxDrained(server);
  const start = `${server.issuer}/account/${path}?token=`;
  const mail = (await mailsTo(server, address)).find(({ text }) => text.includes(start));
  return linkIn(mail ?? { text: '' }, start);
}
const tokenIn = (link: string): string => new URL(link).searchParams.get('token') ?? '';
const takeBack = async (link: string) => {
  const visitor = new WebVisitor(server);
  return visitor.submit(await visitor.get(link), 'token', {});
};

/** Somebody with a browser of their own, and a stranger who has just signed in as them. */
async function visited() {
  const person = await aPerson();
  await signedIn(person);
  await server.foundation.pool.query(
    `UPDATE known_devices SET created_at = created_at - interval '1 hour' WHERE user_id = $1`,
    [person.id],
  );
  return { person, thief: await signedIn(person) };
}

const kinds: Readonly<Record<string, (id: string) => Mail>> = {
  'a new browser': (userId) => ({ kind: 'new_device', userId, userAgent: null, ipAddress: null }),
  'a changed password': (userId) => ({ kind: 'password_changed', userId, by: 'self' }),
  'a changed second factor': (userId) => ({ kind: 'second_factor_changed', userId, change: 'totp_added' }),
  'a passkey': (userId) => ({ kind: 'passkey_changed', userId, change: 'added', name: 'Telephone' }),
};

describe('issue 5 item 5: "this wasn’t me"', () => {
  it('a new browser is told with a link that signs everybody out and begins recovery', async () => {
    const { person, thief } = await visited();
    await thief.get(authorizeUrl(server, await aClient(server, { firstParty: true })));
    const link = await linkTo(person.address);

    const page = await takeBack(link);

    expect(titleOf(page)).toContain('The account is yours again');
    expect(await isSignedIn(thief)).toBe(false);
    expect(await isSignedIn(await signedIn(person))).toBe(false);
    const left = await server.foundation.read.query(
      `SELECT 1 FROM provider_records WHERE account_id = $1 AND ended_at IS NULL
       UNION ALL SELECT 1 FROM known_devices WHERE user_id = $1`,
      [person.id],
    );
    expect(left).toEqual([]);
    for (const type of ['not-me-links.redeemed', 'accounts.taken-back', 'passwords.removed'])
      expect([type, (await eventsOf(server, type, person)).length]).toEqual([type, 1]);
    const visitor = new WebVisitor(server);
    await visitor.submit(await visitor.get(await linkTo(person.address, 'set-password')), 'new-password', {
      'new-password': next,
      'new-password-again': next,
    });
    expect(await isSignedIn(await signedIn(person, next))).toBe(true);
  });

  it.each(Object.keys(kinds))('every notice about a sign-in has such a link: %s', async (name) => {
    const person = await aPerson();
    await enqueue(server, kinds[name]?.(person.id) ?? aNotice(person));

    expect(titleOf(await takeBack(await linkTo(person.address)))).toContain('The account is yours again');
  });

  it('mail scanners may look: GET and HEAD end nothing', async () => {
    const { person, thief } = await visited();
    const link = await linkTo(person.address);

    await new WebVisitor(server).request(link, { method: 'HEAD' });
    const page = await new WebVisitor(server).get(link);

    expect(page.html).toContain(person.userName);
    expect(await isSignedIn(thief)).toBe(true);
  });

  it('a thief who changes the password cannot make the link void', async () => {
    const { person, thief } = await visited();
    const link = await linkTo(person.address);
    await thief.submit(await thief.get('/account'), 'new-password', {
      'current-password': password,
      'new-password': next,
      'new-password-again': next,
    });

    await takeBack(link);

    expect(await isSignedIn(thief)).toBe(false);
    expect(await isSignedIn(await signedIn(person, next))).toBe(false);
  });

  it('second factors stay: the mailbox is not worth more than they are', async () => {
    const { person } = await visited();
    await giveTotp(server, person.id);

    await takeBack(await linkTo(person.address));

    const left = await server.foundation.read.query('SELECT 1 FROM totp_credentials WHERE user_id = $1', [person.id]);
    expect(left).toHaveLength(1);
  });

  it.each(['the mail about the passkey', 'the mail about the browser'])(
    'a passkey that the stranger has just made does not let them in again: by %s',
    async (which) => {
      const { person, thief } = await visited();
      const browserLink = await linkTo(person.address);
      const { authenticator } = await addPasskey(server, thief);
      const passkeyLink = await linkTo(person.address);
      expect(passkeyLink).not.toBe(browserLink);

      await takeBack(which.includes('passkey') ? passkeyLink : browserLink);

      const again = new WebVisitor(server);
      const page = await useOn(again, await again.get('/account/sign-in'), authenticator);
      expect(titleOf(page)).toContain('Sign in');
      expect(await isSignedIn(again)).toBe(false);
      expect(await passkeyRows(server, person.id)).toEqual([]);
      const codes = await server.foundation.read.query('SELECT 1 FROM recovery_codes WHERE user_id = $1', [person.id]);
      expect(codes).toEqual([]);
      expect(await eventsOf(server, 'passkeys.deleted', person)).toHaveLength(1);
    },
  );

  it('a passkey about which nobody has said anything for a week is the person’s, and stays', async () => {
    const { person, thief: owner } = await visited();
    const { authenticator } = await addPasskey(server, owner);
    await server.foundation.pool.query(
      `UPDATE passkeys SET created_at = created_at - interval '8 days' WHERE user_id = $1`,
      [person.id],
    );
    await enqueue(server, { kind: 'new_device', userId: person.id, userAgent: null, ipAddress: null });

    await takeBack(await linkTo(person.address));

    const again = new WebVisitor(server);
    await useOn(again, await again.get('/account/sign-in'), authenticator);
    expect(await isSignedIn(again)).toBe(true);
  });

  it('of 50 uses at once one counts, and then it is void', async () => {
    const { person } = await visited();
    const link = await linkTo(person.address);

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => new WebVisitor(server).post('/account/not-me', { token: tokenIn(link) })),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await new WebVisitor(server).get(link)).status).toBe(410);
    expect(await eventsOf(server, 'accounts.taken-back', person)).toHaveLength(1);
  });

  it('not after a week, not from an address that is no longer theirs, and no other link opens it', async () => {
    const [late, gone, other] = [await visited(), await visited(), await visited()];
    const links = [await linkTo(late.person.address), await linkTo(gone.person.address)];
    await server.foundation.pool.query(
      `UPDATE one_time_links SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
      [late.person.id],
    );
    await server.foundation.transact(operator, (tx) =>
      amendUser(tx, { id: gone.person.id, patch: { emails: [{ value: 'elsewhere@example.com', verified: true }] } }),
    );
    await enqueue(server, { kind: 'recovery', userId: other.person.id, addressKey: null });
    const tokens = [...links, await linkTo(other.person.address, 'set-password'), '/?token=made-up'].map((link) =>
      tokenIn(new URL(link, server.issuer).href),
    );

    for (const token of tokens)
      expect((await new WebVisitor(server).post('/account/not-me', { token })).status).toBe(410);
    for (const { thief } of [late, gone, other]) expect(await isSignedIn(thief)).toBe(true);
  });
});
