import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { MAILS_PER_HOUR } from '../../../src/domain/notifications/reserve-delivery.ts';
import { eventually } from '../../support/eventually.ts';
import { keptMails, linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { dumpTables } from '../../support/tables.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aNotice, anAddressee, enqueue, eventsOf } from './a-mail.ts';

const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

describe('/dev/mail (DESIGN §8 "Mail")', () => {
  it('is an array with to, subject, text, html and sentAt for programs, newest first', async () => {
    const person = await anAddressee(server);
    await enqueue(server, aNotice(person));
    await mailsTo(server, person.address);
    await enqueue(server, { kind: 'invitation', userId: person.id });
    await mailsTo(server, person.address, 2);

    const [newest, older] = (await keptMails(server)).filter(({ to }) => to === person.address);

    expect(Object.keys(newest ?? {})).toEqual(['to', 'subject', 'text', 'html', 'sentAt']);
    expect([newest?.subject, older?.subject]).toEqual(['Your new account', 'Your password was changed']);
    expect(Date.parse(newest?.sentAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(newest?.text).toContain('Ada Archer');
    expect(newest?.html).toContain('Ada Archer');
  });

  it('is a list for people, with a page for each mail, and its HTML apart under a policy that lets it load nothing', async () => {
    const person = await anAddressee(server);
    await enqueue(server, { kind: 'invitation', userId: person.id });
    await mailsTo(server, person.address);
    const visitor = new WebVisitor(server);

    const list = await visitor.get('/dev/mail');
    const address = /href="(\/dev\/mail\/[^"]+)"/.exec(list.html)?.[1] ?? '';
    const page = await visitor.get(address);
    const html = await visitor.get(`${address}/html`);

    expect([list.status, page.status, html.status]).toEqual([200, 200, 200]);
    expect(list.html).toContain(person.address);
    expect(page.html).toContain(`${server.issuer}/account/set-password?token=`);
    expect(html.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(html.headers.get('Content-Security-Policy')).toContain('sandbox');
  });

  it('a mail that is not there is a page that does not exist', async () => {
    const visitor = new WebVisitor(server);
    expect((await visitor.get('/dev/mail/00000000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await visitor.get('/dev/mail/x')).status).toBe(404);
  });

  it.each([
    ['production', { NODE_ENV: 'production', DOORWARD_BCRYPT_COST: '10' }],
    ['a mail server', { DOORWARD_SMTP_URL: 'smtp://127.0.0.1:9' }],
  ])('does not exist with %s', async (_, env) => {
    const other = await startServer({ env });
    const answer = await fetch(`${other.origin}/dev/mail`, { headers: { Accept: 'application/json' } });
    await other.stop();

    expect(answer.status).toBe(404);
  });
});

describe('what is at rest', () => {
  it('neither the outbox nor a kept mail holds a link that opens anything', async () => {
    const person = await anAddressee(server);
    await enqueue(server, { kind: 'invitation', userId: person.id });
    const [mail] = await mailsTo(server, person.address);
    const token = new URL(linkIn(mail ?? { text: '' }, server.issuer)).searchParams.get('token') ?? '';

    const dump = Object.values(await dumpTables(server.configuration.databaseUrl ?? '')).join('\n');

    expect(token).toHaveLength(43);
    expect(dump).toContain(person.address);
    expect(dump).not.toContain(token);
  });
});

describe('whom mail goes to', () => {
  it('nobody who is not active any more', async () => {
    const person = await anAddressee(server);
    await server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: person.id }));

    await enqueue(server, aNotice(person));
    await outboxDrained(server);

    expect((await keptMails(server)).filter(({ to }) => to === person.address)).toEqual([]);
  });

  it('no address that nobody has proved to hold', async () => {
    const value = `unproved-${process.pid}@example.com`;
    const person = await anAddressee(server, { emails: [{ value, primary: true, verified: false }] });

    await enqueue(server, aNotice(person), { kind: 'recovery', userId: person.id, addressKey: value });
    await outboxDrained(server);

    expect((await keptMails(server)).filter(({ to }) => to === value)).toEqual([]);
  });

  it('what anyone can ask for is limited per recipient and hour, which keeps no notice from arriving', async () => {
    const person = await anAddressee(server);
    const asked = { kind: 'recovery', userId: person.id, addressKey: null } as const;

    await enqueue(server, ...Array.from({ length: MAILS_PER_HOUR.asked + 3 }, () => asked), aNotice(person));
    await mailsTo(server, person.address, MAILS_PER_HOUR.asked + 1);
    await outboxDrained(server);

    const subjects = (await keptMails(server)).filter(({ to }) => to === person.address).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject === 'Choose a new password')).toHaveLength(MAILS_PER_HOUR.asked);
    expect(subjects).toContain('Your password was changed');
    const refused = await eventually(
      () => eventsOf(server, 'mails.refused', person),
      (found) => found.length >= 3,
    );
    expect(refused.map(({ reason }) => reason)).toEqual(['over_limit', 'over_limit', 'over_limit']);
  });
});
