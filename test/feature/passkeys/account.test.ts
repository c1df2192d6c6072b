import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Authenticator, type Bent } from '../../support/authenticator.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson } from '../interaction/a-sign-in.ts';
import {
  addPasskey,
  askedOn,
  eventsOf,
  passkeyMails,
  passkeyRows,
  passkeysPath,
  signalsOn,
  signedIn,
  useOn,
} from './a-passkey.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

/** Signed in by the passkey itself, so that more may be changed. */
async function withPasskey(facts = {}) {
  const user = await aPerson(server);
  const { authenticator, page } = await addPasskey(server, await signedIn(server, user), facts);
  const visitor = new WebVisitor(server);
  await useOn(visitor, await visitor.get('/account/sign-in'), authenticator);
  return { user, visitor, authenticator, codesPage: page };
}

const formOf = (page: Page, action: string): Readonly<Record<string, string>> =>
  page.forms.find((form) => form.action.endsWith(action))?.hidden ?? {};

describe('adding a passkey', () => {
  it('keeps it under the name of its keeper, tells by mail, and gives recovery codes with the first', async () => {
    const facts = { aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349', isSynced: true, countsNothing: true };
    const { user, visitor, codesPage } = await withPasskey(facts);

    const page = await visitor.get(passkeysPath);

    expect(titleOf(codesPage)).toContain('Your recovery codes');
    expect(page.html).toContain('Bitwarden');
    expect(await passkeyRows(server, user.id)).toMatchObject([{ name: 'Bitwarden', is_backed_up: true }]);
    expect(await passkeyMails(server, user.id)).toEqual(['added']);
    expect(await eventsOf(server, user.id)).toEqual(
      expect.arrayContaining(['passkeys.created', 'recovery-codes.issued']),
    );
  });

  it('several are a person’s; one authenticator is asked to make no second', async () => {
    const { user, visitor, authenticator } = await withPasskey();

    const { page } = await addPasskey(server, visitor);

    expect(page.html).toContain('Your passkey was added');
    expect(await passkeyRows(server, user.id)).toHaveLength(2);
    expect(askedOn(await visitor.get(passkeysPath))).toMatchObject({
      excludeCredentials: expect.arrayContaining([{ type: 'public-key', id: authenticator.id }]),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    });
  });

  it.each<[string, Bent]>([
    ['another origin', { origin: 'https://login.example.net' }],
    ['another RP ID', { rpId: 'example.net' }],
    ['no user verification', { isVerified: false }],
    ['a made-up challenge', { challenge: 'A'.repeat(76) }],
    ['a frame of another site', { crossOrigin: true }],
    ['the type of a sign-in', { type: 'webauthn.get' }],
  ])('WebAuthn §7.1: %s adds nothing', async (_, bent) => {
    const user = await aPerson(server);
    const visitor = await signedIn(server, user);
    const offer = await visitor.get(passkeysPath);
    const authenticator = new Authenticator(server.issuer);

    const answer = await visitor.submit(offer, 'passkey', { passkey: authenticator.create(askedOn(offer), bent) });

    expect(answer.status).toBe(422);
    expect(await passkeyRows(server, user.id)).toEqual([]);
    expect((await eventsOf(server, user.id)).filter((event) => event.startsWith('passkeys.refused'))).toHaveLength(1);
  });

  it('one that was made for somebody else, or in another session, is not taken', async () => {
    const [user, stranger] = [await aPerson(server), await aPerson(server)];
    const visitor = await signedIn(server, user);
    const offers = [
      await (await signedIn(server, stranger)).get(passkeysPath),
      await (await signedIn(server, user)).get(passkeysPath),
    ];
    const own = await visitor.get(passkeysPath);

    const answers = offers.map((offer) => new Authenticator(server.issuer).create(askedOn(offer)));

    for (const passkey of answers) expect((await visitor.submit(own, 'passkey', { passkey })).status).toBe(422);
    expect(await passkeyRows(server, user.id)).toEqual([]);
  });

  it('an answer counts once, and a passkey that somebody has is nobody else’s', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(server, user);
    const offer = await visitor.get(passkeysPath);
    const passkey = new Authenticator(server.issuer).create(askedOn(offer));

    await Promise.all([1, 2, 3].map(() => visitor.submit(offer, 'passkey', { passkey })));

    expect(await passkeyRows(server, user.id)).toHaveLength(1);
  });
});

describe('looking after passkeys', () => {
  it('one gets another name', async () => {
    const { user, visitor } = await withPasskey();
    const page = await visitor.get(passkeysPath);

    const named = await visitor.post(`${passkeysPath}/name`, { ...formOf(page, '/name'), name: ' My <laptop> ' });
    const empty = await visitor.post(`${passkeysPath}/name`, { ...formOf(page, '/name'), name: ' ' });

    expect(named.html).toContain('My &lt;laptop>');
    expect(empty.status).toBe(422);
    expect(await passkeyRows(server, user.id)).toMatchObject([{ name: 'My <laptop>' }]);
    expect(await eventsOf(server, user.id)).toContain('passkeys.renamed');
  });

  it('one is removed: it signs in no more, recovery codes end with the last, and authenticators are told', async () => {
    const { user, visitor, authenticator } = await withPasskey();
    const page = await visitor.get(passkeysPath);

    const after = await visitor.post(`${passkeysPath}/removal`, formOf(page, '/removal'));

    expect(after.html).toContain('was removed');
    expect(await passkeyRows(server, user.id)).toEqual([]);
    expect(signalsOn(after)).toContainEqual({
      method: 'signalAllAcceptedCredentials',
      options: expect.objectContaining({ rpId: 'localhost', allAcceptedCredentialIds: [] }),
    });
    const { rows } = await server.foundation.pool.query('SELECT FROM recovery_codes WHERE user_id = $1', [user.id]);
    expect(rows).toEqual([]);
    expect(await passkeyMails(server, user.id)).toEqual(['added', 'removed']);
    const other = new WebVisitor(server);
    expect((await useOn(other, await other.get('/account/sign-in'), authenticator)).status).toBe(422);
  });

  it.each(['/name', '/removal'])(
    'SECURITY-LESSONS 15: %s of somebody else’s passkey changes nothing',
    async (action) => {
      const victim = await withPasskey();
      const { visitor } = await withPasskey();
      const [own, foreign] = [await visitor.get(passkeysPath), await victim.visitor.get(passkeysPath)];
      const { id = '' } = formOf(foreign, action);

      await visitor.post(passkeysPath + action, { ...formOf(own, action), id, name: 'mine' });

      expect(await passkeyRows(server, victim.user.id)).toMatchObject([{ name: 'Passkey' }]);
    },
  );

  it.each(['', '/name', '/removal'])('%s without the token of the page changes nothing', async (action) => {
    const { user, visitor } = await withPasskey();
    const { id = '' } = formOf(await visitor.get(passkeysPath), '/removal');

    const answer = await visitor.post(passkeysPath + action, { id, name: 'other', passkey: '' });

    expect(answer.status).toBe(422);
    expect(await passkeyRows(server, user.id)).toMatchObject([{ name: 'Passkey' }]);
  });

  it('nothing weaker: a session made by password alone does not get here once there is a passkey', async () => {
    const { user } = await withPasskey();
    const visitor = await signedIn(server, user);

    const page = await visitor.get(passkeysPath);
    const posted = await visitor.post(`${passkeysPath}/removal`, { id: 'x' });

    expect(titleOf(page)).not.toContain('Passkeys');
    expect(titleOf(posted)).not.toContain('Passkeys');
    expect(await passkeyRows(server, user.id)).toHaveLength(1);
  });

  it('the page of the second step knows of them', async () => {
    const { visitor } = await withPasskey();

    const page = await visitor.get('/account/second-factors');

    expect(page.html).toContain('Manage passkeys');
    expect(formWith(page, 'csrf').action).toContain('recovery-codes');
  });
});
