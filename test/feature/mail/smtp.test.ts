import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { setBranding } from '../../../src/domain/branding/change-branding.ts';
import { eventually } from '../../support/eventually.ts';
import { type MailServer, startMailServer } from '../../support/mail-server.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { freePort } from '../../support/server.ts';
import { aNotice, anAddressee, enqueue, eventsOf, outboxOf } from './a-mail.ts';

let server: RunningServer | undefined;
let mailServer: MailServer | undefined;
const closers: (() => Promise<unknown>)[] = [];

/** 2 × 1 pixels. */
const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

afterEach(async () => {
  await server?.stop();
  await mailServer?.stop();
  for (const close of closers.splice(0)) await close();
  server = mailServer = undefined;
});

const start = async (url: string): Promise<RunningServer> => {
  server = await startServer({ env: { DOORWARD_SMTP_URL: url, DOORWARD_MAIL_FROM: 'Orders Ltd <door@example.com>' } });
  return server;
};
const received = (from: MailServer, count: number) =>
  eventually(
    () => from.mails,
    (mails) => mails.length >= count,
  );
/** Due again now, without waiting for the pause between attempts. */
const hurry = ({ foundation }: RunningServer) =>
  foundation.read.query(
    `UPDATE outbox_messages SET available_at = now() WHERE delivered_at IS NULL AND failed_at IS NULL`,
  );

describe('a mail server over loopback', () => {
  it('takes the mail once: both parts, sender, recipient, and a Message-ID that follows from the message', async () => {
    mailServer = await startMailServer({ hideSTARTTLS: true });
    const here = await start(`smtp://127.0.0.1:${mailServer.port}`);
    const person = await anAddressee(here);

    await enqueue(here, aNotice(person));

    const [mail] = await received(mailServer, 1);
    const [{ id } = { id: '' }] = await here.foundation.read.query<{ id: string }>(
      `SELECT id FROM outbox_messages WHERE type = 'mail.due'`,
    );
    expect(mail).toMatchObject({ from: 'door@example.com', to: [person.address] });
    expect(mail?.raw).toContain(`Message-ID: <${id}@localhost>`);
    expect(mail?.raw).toContain('From: Orders Ltd <door@example.com>');
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
    expect(mail?.raw).toContain('Content-Type: text/plain; charset=utf-8');
    expect(mail?.raw).toContain('Content-Type: text/html; charset=utf-8');
    expect(
      await eventually(
        () => eventsOf(here, 'mails.written', person),
        (events) => events.length > 0,
      ),
    ).toHaveLength(1);
  });

  it('issue 5 §12: from whom the branding says, with the logo within (RFC 2392)', async () => {
    mailServer = await startMailServer({ hideSTARTTLS: true });
    const here = await start(`smtp://127.0.0.1:${mailServer.port}`);
    const input = { mailSender: 'Acme Accounts', logo: { light: LOGO } };
    await here.foundation.transact({ type: 'operator', id: 'test' }, (tx) =>
      setBranding(tx, { owner: { type: 'deployment' }, input }),
    );

    await enqueue(here, aNotice(await anAddressee(here)));

    const [{ raw } = { raw: '' }] = await received(mailServer, 1);
    const contentId = /^Content-Id: <([\w-]{43}@branding)>/im.exec(raw)?.[1];
    expect(raw).toContain('From: Acme Accounts <door@example.com>');
    expect(raw).toMatch(/^Content-Type: image\/png; name=logo.png/m);
    expect(raw.replaceAll(/\r?\n/g, '')).toContain(LOGO.split(',')[1]);
    expect(raw.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=')).toContain(`src="cid:${contentId}"`);
  });

  it('RFC 3207: STARTTLS is used where it is offered, and the login goes through it', async () => {
    mailServer = await startMailServer(selfSigned());
    const here = await start(`smtp://door:a%20secret@127.0.0.1:${mailServer.port}`);

    await enqueue(here, aNotice(await anAddressee(here)));

    const [mail] = await received(mailServer, 1);
    expect(mail).toMatchObject({ isEncrypted: true, user: 'door' });
  });

  it('RFC 8314: smtps:// is TLS from the first byte', async () => {
    mailServer = await startMailServer({ ...selfSigned(), secure: true });
    const here = await start(`smtps://127.0.0.1:${mailServer.port}`);

    await enqueue(here, aNotice(await anAddressee(here)));

    expect(await received(mailServer, 1)).toMatchObject([{ isEncrypted: true }]);
  });

  it('what it says of a recipient is kept without the address: the reason outlives the person', async () => {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _session, done) =>
      done(Object.assign(new Error(`<${address}>: ${address} is over quota`), { responseCode: 452 }));
    mailServer = await startMailServer({ hideSTARTTLS: true, onRcptTo });
    const here = await start(`smtp://127.0.0.1:${mailServer.port}`);
    const person = await anAddressee(here);

    await enqueue(here, aNotice(person));

    const [message] = await eventually(
      () => outboxOf(here),
      ([one]) => one?.error !== null && one?.error !== undefined,
    );
    expect(message?.error).toContain('is over quota');
    expect(message?.error).not.toContain(person.address);
  });

  it('RFC 5321 §4.2.1: 4yz is tried again, and the mail arrives once', async () => {
    mailServer = await startMailServer({ hideSTARTTLS: true });
    mailServer.refuse(451);
    const here = await start(`smtp://127.0.0.1:${mailServer.port}`);
    await enqueue(here, aNotice(await anAddressee(here)));
    const waiting = await eventually(
      () => outboxOf(here),
      ([one]) => Boolean(one?.error),
    );

    mailServer.refuse(undefined);
    await hurry(here);

    expect(waiting).toMatchObject([{ delivered: false, failed: false }]);
    expect(await received(mailServer, 1)).toHaveLength(1);
    expect(
      await eventually(
        () => outboxOf(here),
        ([one]) => one?.delivered === true,
      ),
    ).toMatchObject([{ delivered: true }]);
  });

  it('RFC 5321 §4.2.3: a mailbox that is not there is recorded and not tried again', async () => {
    mailServer = await startMailServer({ hideSTARTTLS: true });
    mailServer.refuse(550);
    const here = await start(`smtp://127.0.0.1:${mailServer.port}`);
    const person = await anAddressee(here);

    await enqueue(here, aNotice(person));

    const events = await eventually(
      () => eventsOf(here, 'mails.refused', person),
      (found) => found.length > 0,
    );
    expect(events).toMatchObject([{ reason: 'smtp_550', details: { kind: 'password_changed' } }]);
    expect(
      await eventually(
        () => outboxOf(here),
        ([one]) => one?.delivered === true,
      ),
    ).toMatchObject([{ attempts: 1 }]);
  });

  it('a mail server that is down costs no mail: it waits in the outbox and arrives when it is back', async () => {
    const port = await freePort();
    const here = await start(`smtp://127.0.0.1:${port}`);
    await enqueue(here, aNotice(await anAddressee(here)));
    await eventually(
      () => outboxOf(here),
      ([one]) => Boolean(one?.error),
    );

    mailServer = await startMailServer({ port, hideSTARTTLS: true });
    await hurry(here);

    expect(await received(mailServer, 1)).toHaveLength(1);
  });

  it('a mail server that accepts and says nothing keeps nobody from stopping', async () => {
    const silent = await aSilentServer();
    const here = await start(`smtp://127.0.0.1:${silent.port}`);
    await enqueue(here, aNotice(await anAddressee(here)));
    await eventually(
      () => silent.connections.size,
      (size) => size > 0,
    );

    server = undefined;

    await expect(here.stop()).resolves.toBeUndefined();
  });

  it('what the recipient could put into a header stays in its place', async () => {
    mailServer = await startMailServer({ hideSTARTTLS: true });
    const here = await start(`smtp://127.0.0.1:${mailServer.port}`);
    const person = await anAddressee(here, { displayName: 'Ada Bcc: eve@example.com' });

    await enqueue(here, aNotice(person));

    const [mail] = await received(mailServer, 1);
    expect(mail?.to).toEqual([person.address]);
    expect(mail?.raw).not.toMatch(/^Bcc:/m);
  });
});

async function aSilentServer(): Promise<{ port: number; connections: Set<Socket> }> {
  const connections = new Set<Socket>();
  const listener: Server = createServer((socket) => void connections.add(socket.on('error', () => {})));
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  closers.push(async () => {
    for (const socket of connections) socket.destroy();
    listener.close();
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, connections };
}
