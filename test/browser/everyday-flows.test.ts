import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { VERIFY_EMAIL_PATH } from '../../src/domain/credentials/verify-email-url.ts';
import { createGroup } from '../../src/domain/groups/create-group.ts';
import { addGroupOwners } from '../../src/domain/groups/group-owners.ts';
import { aPersonWithAddress, givePassword } from '../feature/email-sign-in/a-code.ts';
import { aClient, aPerson, type TestClient } from '../feature/interaction/a-sign-in.ts';
import { anAddressee } from '../feature/mail/a-mail.ts';
import { mailedLink } from '../support/mail.ts';
import { type Manner, manners, type Person, Walks } from './manners.ts';

const operator = { type: 'operator', id: 'test' } as const;
const next = 'nine badgers count the harvest';
let walks: Walks;
let thirdParty: TestClient;

beforeAll(async () => {
  walks = await Walks.start({ DOORWARD_ACCOUNT_DELETION: 'on' });
  thirdParty = await aClient(walks.server, { name: 'Order book', redirectUri: walks.application.callbackUrl });
}, 120_000);
afterAll(() => walks?.stop());
afterEach(() => walks.closeBrowsers());

const linkTo = (address: string, path: string): Promise<string> => mailedLink(walks.server, address, path);

/** Somebody who has allowed the application to use their account. */
async function consented(manner: Manner): Promise<Person> {
  const user = await aPerson(walks.server);
  const person = await walks.person(manner);
  await person.goTo(walks.authorizeUrl({ scope: 'openid email' }, thirdParty));
  await person.signIn(user.userName);
  await person.press('main button[value=approve]');
  return person;
}

async function aUserCode(): Promise<string> {
  const { clientId } = await aClient(walks.server, {
    name: 'Living room',
    metadata: { redirect_uris: [], response_types: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] },
  });
  const answer = await fetch(`${walks.server.issuer}/device/authorize`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, scope: 'openid' }),
  });
  return ((await answer.json()) as { user_code: string }).user_code;
}

const flows: Readonly<Record<string, (manner: Manner) => Promise<void>>> = {
  'a wrong password, the right one, a consent, and out again': async (manner) => {
    const user = await aPerson(walks.server);
    const person = await walks.person(manner);
    await person.goTo(walks.authorizeUrl({ scope: 'openid email' }, thirdParty));
    await person.signIn(user.userName, 'not the password');
    expect(await person.has('[role=alert]')).toBe(true);
    await person.signIn(user.userName);

    await person.press('main button[value=approve]');
    await person.goTo('/logout');
    await person.press('main form button');
    await person.goTo('/account');

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
    expect(await person.has('[name=password]')).toBe(true);
  },

  'a consent is refused, and "not you" leads back to the sign-in page': async (manner) => {
    const [user, other] = [await aPerson(walks.server), await aPerson(walks.server)];
    const person = await walks.person(manner);
    await person.goTo(walks.authorizeUrl({ scope: 'openid email' }, thirdParty));
    await person.signIn(user.userName);
    await person.press('main button[name=switch]');
    await person.signIn(other.userName);

    await person.press('main button[value=deny]');

    expect(walks.answers()).toMatchObject([{ error: 'access_denied' }]);
  },

  'an application that was allowed is taken from the list': async (manner) => {
    const person = await consented(manner);
    const form = 'form[action="/account/applications/withdraw"]';
    await person.goTo('/account/applications');
    expect(await person.has(form)).toBe(true);

    await person.press(`${form} button`);

    expect(await person.has(form)).toBe(false);
  },

  'a forgotten password is chosen anew, from the sign-in page': async (manner) => {
    const owner = await aPersonWithAddress(walks.server);
    const person = await walks.person(manner);
    await person.goTo(walks.authorizeUrl());
    await person.press('main a[href*="/recover"]');
    await person.fill('username', owner.userName);
    await person.send('username');

    await person.goTo(await linkTo(owner.address, '/account/set-password'));
    await person.fill('new-password', 'password');
    await person.fill('new-password-again', 'password');
    await person.send('new-password');
    expect(await person.has('.field-error')).toBe(true);
    await person.fill('new-password', next);
    await person.fill('new-password-again', next);
    await person.send('new-password');
    await person.goTo(walks.authorizeUrl());
    await person.signIn(owner.userName, next);

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'the other browsers are signed out': async (manner) => {
    const user = await aPerson(walks.server);
    const [one, two] = [await walks.person(manner), await walks.person(manner)];
    for (const person of [one, two]) {
      await person.goTo('/account/devices');
      await person.signIn(user.userName);
    }

    await two.press('main form[action="/account/devices/end-others"] button');
    await one.goTo('/account');

    expect(await one.has('[name=password]')).toBe(true);
    expect(await two.has('form[action="/account/devices/end-others"]')).toBe(false);
  },

  'the password is changed on the account page': async (manner) => {
    const user = await aPerson(walks.server);
    const person = await walks.person(manner);
    await person.goTo('/account');
    await person.signIn(user.userName);
    for (const current of ['not the password', undefined]) {
      await person.fill('current-password', current ?? 'seven otters keep the ledger');
      await person.fill('new-password', next);
      await person.fill('new-password-again', next);
      await person.send('new-password');
      expect(await person.has('main [role=alert]')).toBe(current !== undefined);
    }
  },

  'what one is called is changed at the profile': async (manner) => {
    const user = await aPerson(walks.server);
    const person = await walks.person(manner);
    await person.goTo('/account/profile');
    await person.signIn(user.userName);

    await person.fill('displayName', 'Ada Archer');
    await person.send('displayName');

    expect(await person.page.locator('[name=displayName]').inputValue()).toBe('Ada Archer');
    expect(await person.has('main [role=status]')).toBe(true);
  },

  'an address is confirmed from the account page, by the link in the mail': async (manner) => {
    const user = await anAddressee(walks.server, {
      emails: [{ value: `unproved-${manners.indexOf(manner)}@example.com`, primary: true }],
    });
    await givePassword(walks.server, user);
    const person = await walks.person(manner);
    await person.goTo('/account');
    await person.signIn(user.userName);
    await person.press('main form[action="/account/email-verification"] button');

    await person.goTo(await linkTo(`unproved-${manners.indexOf(manner)}@example.com`, VERIFY_EMAIL_PATH));
    await person.press('main form button');
    await person.goTo('/account');

    expect(await person.has('main form[action="/account/email-verification"]')).toBe(false);
  },

  'an owner of a group puts somebody into it, takes them out, and puts them back': async (manner) => {
    const [owner, member] = [await aPerson(walks.server), await aPerson(walks.server)];
    await walks.server.foundation.transact(operator, async (tx) => {
      const { id } = await createGroup(tx, { displayName: `Shift ${owner.userName}` });
      await addGroupOwners(tx, { groupId: id, userIds: [owner.id] });
    });
    const person = await walks.person(manner);
    await person.goTo('/account/groups');
    await person.signIn(owner.userName);
    await person.press('main .entry a');
    await person.fill('name', 'nobody of this name');
    await person.send('name');
    expect(await person.has('.field-error')).toBe(true);

    await person.fill('name', member.userName);
    await person.send('name');
    await person.press('main .entry form button');
    expect(await person.has('main .entry')).toBe(false);
    await person.press('main form button.link-button');

    expect(await person.has('main .entry')).toBe(true);
  },

  'an account is deleted by its own person, who ticked the box': async (manner) => {
    const user = await aPerson(walks.server);
    const person = await walks.person(manner);
    await person.goTo('/account/data');
    await person.signIn(user.userName);
    const form = 'form[action="/account/data/deletion"]';
    const box = (await person.page.locator(`${form} input[type=checkbox]`).getAttribute('name')) ?? '';

    await person.check(box);
    await person.press(`${form} button`);

    const { rowCount } = await walks.server.foundation.pool.query(
      `SELECT FROM audit_events WHERE type = 'users.deleted' AND target_id = $1`,
      [user.id],
    );
    expect(rowCount).toBe(1);
  },

  'RFC 8628: the code of a device is typed, confirmed, and allowed': async (manner) => {
    const user = await aPerson(walks.server);
    const person = await walks.person(manner);
    await person.goTo('/device');
    await person.fill('user_code', 'BBBB-BBBB');
    await person.send('user_code');
    expect(await person.has('[role=alert]')).toBe(true);
    await person.fill('user_code', await aUserCode());
    await person.send('user_code');

    await person.press('main button[value=approve]');
    await person.signIn(user.userName);
    await person.press('main button[value=approve]');

    expect(await person.has('main a[href="/account"]')).toBe(true);
  },
};

describe.each(manners)('issue 5, Proof: every day $manner', (manner) => {
  it.each(Object.entries(flows))('%s', (_, flow) => flow(manner), 60_000);
});
