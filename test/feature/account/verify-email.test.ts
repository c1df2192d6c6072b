import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { amendUser } from '../../../src/domain/lifecycle/amend-user.ts';
import { purgeUser } from '../../../src/domain/lifecycle/purge-user.ts';
import { removeUser } from '../../../src/domain/lifecycle/remove-user.ts';
import { getUser } from '../../../src/domain/users/find-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { linkIn, mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { password } from '../interaction/a-sign-in.ts';
import { anAddressee, enqueue, eventsOf } from '../mail/a-mail.ts';

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

async function aPerson() {
  count += 1;
  const address = `unproved-${process.pid}-${count}@example.com`;
  const person = await anAddressee(server, { emails: [{ value: address, primary: true, verified: false }] });
  const hash = await server.foundation.hashing.hashPassword(password);
  await server.foundation.transact(operator, (tx) => setPassword(tx, { userId: person.id, hash }));
  return { ...person, address };
}
async function signedIn({ userName }: User): Promise<{ visitor: WebVisitor; page: Page }> {
  const visitor = new WebVisitor(server);
  return { visitor, page: await visitor.signIn(await visitor.get('/account'), userName, password) };
}
const press = (visitor: WebVisitor, { html, url }: Page) => {
  const csrf = /action="\/account\/email-verification"[^>]*><input type="hidden" name="csrf" value="([^"]+)"/.exec(
    html,
  );
  return visitor.post(new URL('/account/email-verification', url).href, { csrf: csrf?.[1] ?? '' });
};
async function linkFor(person: { address: string } & User): Promise<string> {
  const { visitor, page } = await signedIn(person);
  await press(visitor, page);
  const [mail] = await mailsTo(server, person.address);
  return linkIn(mail ?? { text: '' }, `${server.issuer}/account/verify-email?token=`);
}
const isVerified = async ({ id }: User) => (await getUser(server.foundation.read, id)).emails[0]?.verified;

describe('proving the own address', () => {
  it('the account page sends a link; opening it in any browser and confirming verifies the address', async () => {
    const person = await aPerson();
    const { visitor, page } = await signedIn(person);
    const sent = await press(visitor, page);
    const [mail] = await mailsTo(server, person.address);
    const elsewhere = new WebVisitor(server);
    const shown = await elsewhere.get(linkIn(mail ?? { text: '' }, `${server.issuer}/account/verify-email?token=`));
    const before = await isVerified(person);

    const done = await elsewhere.submit(shown, 'token', {});

    expect(sent.html).toContain('Look into your mail');
    expect(shown.html).toContain(person.userName);
    expect(titleOf(done)).toContain('Your address is confirmed');
    expect([before, await isVerified(person)]).toEqual([false, true]);
    const after = await visitor.get('/account');
    expect(after.html).not.toContain('/account/email-verification');
    for (const type of ['email-verifications.requested', 'verify-email-links.redeemed', 'emails.verified'])
      expect([type, (await eventsOf(server, type, person)).length]).toEqual([type, 1]);
  });

  it('GET and HEAD verify nothing; the second use is refused', async () => {
    const person = await aPerson();
    const link = await linkFor(person);
    const visitor = new WebVisitor(server);
    await visitor.request(link, { method: 'HEAD' });
    const page = await visitor.get(link);
    const before = await isVerified(person);

    const answers = [await visitor.submit(page, 'token', {}), await visitor.submit(page, 'token', {})];

    expect([before, ...answers.map(({ status }) => status)]).toEqual([false, 200, 410]);
  });

  it('an address that was proved is nowhere in the audit log when its owner has been erased', async () => {
    const person = await aPerson();
    const visitor = new WebVisitor(server);
    await visitor.submit(await visitor.get(await linkFor(person)), 'token', {});
    const said = () =>
      server.foundation.read.query(
        `SELECT 1 FROM audit_events e LEFT JOIN audit_personal_details p ON p.event_id = e.id
         WHERE strpos(e::text || coalesce(p.content, ''), $1) > 0 AND e.type = 'emails.verified'`,
        [person.address],
      );
    const before = await said();

    await server.foundation.transact(operator, (tx) => removeUser(tx, { userId: person.id }));
    await server.foundation.transact(operator, (tx) => purgeUser(tx, { id: person.id }));

    expect([before.length, (await said()).length]).toEqual([1, 0]);
  });

  it('an address that is no longer theirs when the link is used is not verified', async () => {
    const person = await aPerson();
    const page = await new WebVisitor(server).get(await linkFor(person));
    await server.foundation.transact(operator, (tx) =>
      amendUser(tx, { id: person.id, patch: { emails: [{ value: 'another@example.com' }] } }),
    );

    const done = await new WebVisitor(server).submit(page, 'token', {});

    expect([done.status, await isVerified(person)]).toEqual([410, false]);
    expect(await eventsOf(server, 'verify-email-links.refused', person)).toMatchObject([
      { reason: 'credentials.link_address_gone' },
    ]);
  });

  it('SECURITY-LESSONS 11: a link for one thing opens no other', async () => {
    const person = await aPerson();
    const verify = new URL(await linkFor(person)).searchParams.get('token') ?? '';
    await enqueue(server, { kind: 'invitation', userId: person.id });
    const [mail] = await mailsTo(server, person.address, 2);
    const set =
      new URL(linkIn(mail ?? { text: '' }, `${server.issuer}/account/set-password?token=`)).searchParams.get('token') ??
      '';
    const visitor = new WebVisitor(server);

    const pages = [
      await visitor.get(`/account/set-password?token=${verify}`),
      await visitor.post('/account/set-password', { token: verify, 'new-password': 'nine badgers count' }),
      await visitor.get(`/account/verify-email?token=${set}`),
      await visitor.post('/account/verify-email', { token: set }),
    ];

    expect(pages.map(({ status }) => status)).toEqual([410, 410, 410, 410]);
    expect(await isVerified(person)).toBe(false);
  });

  it('a form of another session sends nothing', async () => {
    const person = await aPerson();
    const { visitor } = await signedIn(person);

    const page = await visitor.post('/account/email-verification', { csrf: 'made-up' });

    expect(page.status).toBe(422);
    expect(await mailsTo(server, person.address, 0)).toEqual([]);
  });

  it('asking again and again is slowed', async () => {
    const person = await aPerson();
    const { visitor, page } = await signedIn(person);
    let last = page;
    for (let turn = 0; turn < 7; turn += 1) last = await press(visitor, page);

    expect(last.status).toBe(429);
  });
});
