import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inviteToOrganization } from '../../src/domain/lifecycle/accept-invitation.ts';
import { createOrganization } from '../../src/domain/organizations/create-organization.ts';
import { aPersonWithAddress } from '../feature/email-sign-in/a-code.ts';
import { aPerson } from '../feature/interaction/a-sign-in.ts';
import { passkeyRows, sessionOf } from '../feature/passkeys/a-passkey.ts';
import { mailedLink } from '../support/mail.ts';
import { withAuthenticator } from './authenticator.ts';
import { type Manner, manners, type Person, Walks } from './manners.ts';

const operator = { type: 'operator', id: 'test' } as const;
const secret = 'nine badgers count the harvest';
let walks: Walks;
let organizationId: string;
let count = 0;

beforeAll(async () => {
  walks = await Walks.start();
  ({ id: organizationId } = await walks.server.foundation.transact(operator, (tx) =>
    createOrganization(tx, { name: 'acme', displayName: 'Acme' }),
  ));
}, 120_000);
afterAll(() => walks?.stop());
afterEach(() => walks.closeBrowsers());

async function invite(email: string): Promise<string> {
  await walks.server.foundation.transact(operator, (tx) => inviteToOrganization(tx, { organizationId, email }));
  return mailedLink(walks.server, email, '/invitations/accept');
}

const membersNamed = (userName: string) =>
  walks.server.foundation.read.query(
    `SELECT u.user_name FROM organization_members m JOIN users u ON u.id = m.user_id
     WHERE m.organization_id = $1 AND u.user_name = $2`,
    [organizationId, userName],
  );

const invitations: Readonly<Record<string, (manner: Manner) => Promise<void>>> = {
  'somebody new makes an account by the link of an invitation, and signs in': async (manner) => {
    count += 1;
    const address = `newcomer-${process.pid}-${count}@example.com`;
    const person = await walks.person(manner);
    await person.goTo(await invite(address));
    await person.fill('name', 'Ada Archer');
    await person.fill('new-password', 'password');
    await person.fill('new-password-again', 'password');
    await person.send('new-password');
    expect(await person.has('.field-error')).toBe(true);

    await person.fill('new-password', secret);
    await person.fill('new-password-again', secret);
    await person.send('new-password');
    await person.goTo(walks.authorizeUrl());
    await person.signIn(address, secret);

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
    expect(await membersNamed(address)).toHaveLength(1);
  },

  'who has two accounts with the address says which one joins; the link is used up then': async (manner) => {
    const { address, userName, id } = await aPersonWithAddress(walks.server);
    const other = await aPerson(walks.server);
    await walks.server.foundation.dataSource.query(
      `INSERT INTO user_emails SELECT (jsonb_populate_record(e, jsonb_build_object('user_id', $2::text))).*
       FROM user_emails e WHERE user_id = $1`,
      [id, other.id],
    );
    const person = await walks.person(manner);
    const link = await invite(address);
    await person.goTo(link);

    await person.choose(`main input[value="${other.id}"]`);
    await person.send('account');
    await person.goTo(link);

    expect([await membersNamed(other.userName), await membersNamed(userName)]).toMatchObject([[{}], []]);
    expect(await person.has('[name=account]')).toBe(false);
  },
};

describe.each(manners)('issue 5, Proof: invitations $manner', (manner) => {
  it.each(Object.entries(invitations))('%s', (_, flow) => flow(manner), 60_000);
});

/** In front of a device with an authenticator, which does nothing before a button is pressed. */
async function withDevice(manner: Manner): Promise<Person> {
  const person = await walks.person(manner);
  await withAuthenticator(person.page);
  await person.page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false;');
  return person;
}

const addButton = '[data-passkey=create] button[type=button]';
const useButton = '[data-passkey=get] button[type=button]';

/** Where passkeys are looked after: who has one shows it first. */
async function goToPasskeys(person: Person): Promise<void> {
  await person.goTo('/account/passkeys');
  if (await person.has(useButton)) await person.press(useButton);
}

const passkeys: Readonly<Record<string, (manner: Manner) => Promise<void>>> = {
  'a passkey is added, named, signs in, and is removed': async (manner) => {
    const { id: userId, userName } = await aPerson(walks.server);
    const person = await withDevice(manner);
    await person.goTo('/account/passkeys');
    await person.signIn(userName);
    await person.press(addButton);
    expect(await person.has('.recovery-codes')).toBe(true);
    await goToPasskeys(person);
    await person.fill('name', 'My laptop');
    await person.send('name');
    expect(await passkeyRows(walks.server, userId)).toMatchObject([{ name: 'My laptop' }]);
    await person.page.context().clearCookies();

    await person.goTo(walks.authorizeUrl());
    await person.press(useButton);
    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
    expect(await sessionOf(walks.server, userId)).toMatchObject({ amr: ['swk', 'user', 'mfa'] });
    await goToPasskeys(person);
    await person.press('main form[action="/account/passkeys/removal"] button');

    expect(await passkeyRows(walks.server, userId)).toEqual([]);
  },

  'one is offered after the password, and made on the way to the application': async (manner) => {
    const user = await aPerson(walks.server);
    const person = await withDevice(manner);
    await person.goTo(walks.authorizeUrl());
    await person.signIn(user.userName);

    await person.press(addButton);
    await person.press('main .card-buttons a');

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
    expect(await passkeyRows(walks.server, user.id)).toHaveLength(1);
  },
};

describe.each(manners.filter(({ options }) => options.javaScriptEnabled !== false))(
  'issue 5, Proof: passkeys $manner',
  (manner) => {
    it.each(Object.entries(passkeys))('%s', (_, flow) => flow(manner), 60_000);
  },
);
