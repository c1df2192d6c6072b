import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { totpCode, totpStep } from '../../src/domain/credentials/totp.ts';
import { aPersonWithAddress } from '../feature/email-sign-in/a-code.ts';
import { aClient, aPerson, type TestClient } from '../feature/interaction/a-sign-in.ts';
import { aNotice, enqueue } from '../feature/mail/a-mail.ts';
import { aPolicy } from '../feature/policy/a-policy.ts';
import { forgetUses, seedOf } from '../feature/second-factors/a-second-factor.ts';
import { mailedLink } from '../support/mail.ts';
import { type Manner, manners, type Person, Walks } from './manners.ts';

const next = 'nine badgers count the harvest';
let walks: Walks;

beforeAll(async () => {
  walks = await Walks.start({ DOORWARD_REGISTRATION: 'open' });
}, 120_000);
afterAll(() => walks?.stop());
afterEach(() => walks.closeBrowsers());

const linkTo = (address: string, path: string): Promise<string> => mailedLink(walks.server, address, path);

const anAppOfItsOwn = (): Promise<TestClient> =>
  aClient(walks.server, { firstParty: true, name: 'Ledger', redirectUri: walks.application.callbackUrl });

async function setUpTotp(person: Person): Promise<string> {
  await person.goTo('/account/second-factors/totp');
  const key = (await person.page.locator('.totp-key').textContent()) ?? '';
  await person.fill('code', codeOf(key));
  await person.send('code');
  return key;
}
const codeOf = (key: string): string => totpCode(seedOf(key), totpStep(new Date()));

const flows: Readonly<Record<string, (manner: Manner) => Promise<void>>> = {
  'another address is confirmed at both mailboxes, and the change is taken back from the old one': async (manner) => {
    const owner = await aPersonWithAddress(walks.server);
    const address = `new-${owner.address}`;
    const person = await walks.person(manner);
    await person.goTo('/account/email');
    await person.signIn(owner.userName);

    await person.fill('email', owner.address);
    await person.send('email');
    expect(await person.has('.field-error')).toBe(true);
    await person.fill('email', address);
    await person.send('email');
    for (const mailbox of [owner.address, address]) {
      await person.goTo(await linkTo(mailbox, '/account/email/confirm'));
      await person.press('main form button');
    }
    await person.goTo('/account/email');
    expect(await person.page.locator('main').textContent()).toContain(address);
    await person.goTo(await linkTo(owner.address, '/account/email/undo'));
    await person.press('main form button');

    const { rows } = await walks.server.foundation.pool.query(
      'SELECT value FROM user_emails WHERE user_id = $1 AND is_primary',
      [owner.id],
    );
    expect(rows).toEqual([{ value: owner.address }]);
  },

  '"that was not me" takes the account back, in whatever browser, and a password is chosen anew': async (manner) => {
    const owner = await aPersonWithAddress(walks.server);
    const thief = await walks.person(manner);
    await thief.goTo('/account');
    await thief.signIn(owner.userName);
    await enqueue(walks.server, aNotice(owner));
    const person = await walks.person(manner);

    await person.goTo(await linkTo(owner.address, '/account/not-me'));
    await person.press('main form button');
    await person.goTo(await linkTo(owner.address, '/account/set-password'));
    for (const field of await person.page.locator('input[type=password]').all())
      await person.fill((await field.getAttribute('name')) ?? '', next);
    await person.send('new-password');
    await thief.goTo('/account');

    expect(await thief.has('[name=password]')).toBe(true);
  },

  'a policy that wants two factors is met on the way, and the sign-in goes on': async (manner) => {
    const user = await aPerson(walks.server);
    const app = await anAppOfItsOwn();
    await aPolicy(walks.server, {
      clientId: app.clientId,
      rules: [{ effect: 'require', requirements: { factors: 'two_factors' } }],
    });
    const person = await walks.person(manner);
    await person.goTo(walks.authorizeUrl({}, app));
    await person.signIn(user.userName);

    expect(await person.has('main a[href="/account/second-factors"]')).toBe(true);
    const key = await setUpTotp(await person.inAnotherTab());
    await forgetUses(walks.server, user.id);
    await person.press('main a.button-wide');
    await person.fill('code', codeOf(key));
    await person.send('code');

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'a policy that refuses says why, and leads back to the application': async (manner) => {
    const user = await aPerson(walks.server);
    const app = await anAppOfItsOwn();
    await aPolicy(walks.server, { clientId: app.clientId, rules: [{ effect: 'deny', reason: 'Closed on Sundays.' }] });
    const person = await walks.person(manner);

    await person.goTo(walks.authorizeUrl({}, app));
    await person.signIn(user.userName);
    expect(await person.page.locator('blockquote').textContent()).toContain('Closed on Sundays.');
    await person.press('main button[name=cancel]');

    expect(walks.answers()).toMatchObject([{ error: 'access_denied' }]);
  },

  'terms are accepted once they were asked for, and the sign-in goes on': async (manner) => {
    const user = await aPerson(walks.server);
    const app = await anAppOfItsOwn();
    const terms = [
      { document: 'house-rules', version: '2026-11', title: 'House rules', url: 'https://example.com/rules' },
    ];
    await aPolicy(walks.server, {
      clientId: app.clientId,
      rules: [{ effect: 'require', requirements: { terms, attributes: ['givenName'] } }],
    });
    const person = await walks.person(manner);
    await person.goTo(walks.authorizeUrl({}, app));
    await person.signIn(user.userName);
    const field = (await person.page.locator('main input[type=text]').first().getAttribute('name')) ?? '';

    await person.fill(field, 'Ada');
    await person.send(field);
    expect(await person.has('[aria-invalid=true]')).toBe(true);
    await person.check('terms.0');
    await person.send(field);

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'prompt=create leads to an account of one’s own and back': async (manner) => {
    const person = await walks.person(manner);
    const address = `somebody-${manners.indexOf(manner)}@example.com`;
    await person.goTo(walks.authorizeUrl({ prompt: 'create' }));
    await person.fill('email', address);
    await person.send('email');

    await person.goTo(await linkTo(address, '/sign-up/complete'));
    await person.fill('name', 'Ada Archer');
    for (const field of await person.page.locator('input[type=password]').all())
      await person.fill((await field.getAttribute('name')) ?? '', next);
    await person.send('name');
    await person.press('main a.button');
    await person.signIn(address, next);

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },
};

describe.each(manners)('issue 5, Proof: the account $manner', (manner) => {
  it.each(Object.entries(flows))('%s', (_, flow) => flow(manner), 60_000);
});
