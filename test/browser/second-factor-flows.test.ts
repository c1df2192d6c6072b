import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { totpCode, totpStep } from '../../src/domain/credentials/totp.ts';
import { announceRecoveries } from '../../src/domain/lifecycle/recover-second-factor.ts';
import type { User } from '../../src/domain/users/user.ts';
import { aPersonWithAddress } from '../feature/email-sign-in/a-code.ts';
import { aPerson } from '../feature/interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow, forgetUses, giveTotp, seedOf } from '../feature/second-factors/a-second-factor.ts';
import { linkIn, mailsAbout } from '../support/mail.ts';
import { type Manner, manners, type Person, Walks } from './manners.ts';

let walks: Walks;

beforeAll(async () => {
  walks = await Walks.start({ DOORWARD_TRUSTED_DEVICE_DAYS: '30' });
}, 120_000);
afterAll(() => walks?.stop());
afterEach(() => walks.closeBrowsers());

const codesOn = ({ page }: Person): Promise<string[]> => page.locator('.recovery-codes code').allTextContents();

/** To the application, with whatever code is asked for. */
async function signInAgain(manner: Manner, { id, userName }: User, person?: Person): Promise<Person> {
  const somebody = person ?? (await walks.person(manner));
  await forgetUses(walks.server, id);
  await somebody.goTo(walks.authorizeUrl({ prompt: 'login' }));
  await somebody.signIn(userName);
  return somebody;
}

const codeOf = (key: string): string => totpCode(seedOf(key), totpStep(new Date()));

async function recoveryLink(address: string, subject: string): Promise<string> {
  const [mail] = await mailsAbout(walks.server, address, subject);
  return linkIn(mail ?? { text: '' }, `${walks.server.issuer}/account/factor-recovery?token=`);
}

async function signOut(person: Person): Promise<void> {
  await person.goTo('/logout');
  await person.press('main form button');
}

const flows: Readonly<Record<string, (manner: Manner) => Promise<void>>> = {
  'an authenticator app is set up, its recovery codes are shown once and issued anew, and its code signs in': async (
    manner,
  ) => {
    const user = await aPerson(walks.server);
    const person = await walks.person(manner);
    await person.goTo('/account/second-factors');
    await person.signIn(user.userName);

    await person.press('main a[href="/account/second-factors/totp"]');
    await person.fill('code', '12');
    await person.send('code');
    expect(await person.has('#code[aria-invalid=true]')).toBe(true);
    const key = (await person.page.locator('.totp-key').textContent()) ?? '';
    await person.fill('code', codeOf(key));
    await person.send('code');
    const first = await codesOn(person);
    await person.press('main .buttons a');
    await forgetUses(walks.server, user.id);
    await person.goTo('/account/second-factors');
    await person.fill('code', codeOf(key));
    await person.send('code');
    expect(await codesOn(person)).toEqual([]);
    await person.press('form[action="/account/second-factors/recovery-codes"] button');
    const second = await codesOn(person);
    const elsewhere = await signInAgain(manner, user);
    await elsewhere.fill('code', codeOf(key));
    await elsewhere.send('code');

    expect([first.length, second.length, new Set([...first, ...second]).size]).toEqual([10, 10, 20]);
    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'a recovery code signs in once': async (manner) => {
    const { user, recoveryCodes } = await aPersonWithTotp(walks.server);
    for (const isFirst of [true, false]) {
      const person = await signInAgain(manner, user);
      await person.press('main a[href$="/recovery-code"]');
      await person.fill('code', recoveryCodes[0] ?? '');
      await person.send('code');
      expect(await person.has('#code[aria-invalid=true]')).toBe(!isFirst);
    }

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'a browser is trusted by whoever wants that, and no longer once it is taken from the list': async (manner) => {
    const { user } = await aPersonWithTotp(walks.server);
    const person = await signInAgain(manner, user);
    await person.check('trust');
    await person.fill('code', codeNow());
    await person.send('code');
    await signOut(person);
    await signInAgain(manner, user, person);
    expect(walks.answers()).toHaveLength(2);

    await forgetUses(walks.server, user.id);
    await person.goTo('/account/devices');
    await person.press('form[action="/account/devices/end-trust"] button');
    expect(await person.has('form[action="/account/devices/end-trust"]')).toBe(false);
    await signOut(person);
    await signInAgain(manner, user, person);

    expect(await person.has('[name=trust]')).toBe(true);
    expect(walks.answers()).toEqual([]);
  },

  'a lost second factor is removed after days of waiting, and the password is enough': async (manner) => {
    const owner = await aPersonWithAddress(walks.server);
    await giveTotp(walks.server, owner.id);
    const person = await signInAgain(manner, owner);
    await person.press('main a[href$="/recovery-code"]');
    await person.press('main a[href$="/lost-factor"]');
    await person.press('main button[name=start]');
    await recoveryLink(owner.address, 'Your second step is to be removed');
    await walks.server.foundation.pool.query(
      `UPDATE factor_recoveries SET requested_at = requested_at - interval '8 days', ripe_at = ripe_at - interval '8 days',
         expires_at = expires_at - interval '8 days' WHERE user_id = $1`,
      [owner.id],
    );
    await announceRecoveries(walks.server.foundation.transact, 7);

    await person.goTo(await recoveryLink(owner.address, 'Your second step can be removed now'));
    await person.press('main button[value=remove]');
    await signInAgain(manner, owner, person);

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'somebody who did not ask for that stops it from the mail': async (manner) => {
    const owner = await aPersonWithAddress(walks.server);
    await giveTotp(walks.server, owner.id);
    const thief = await signInAgain(manner, owner);
    await thief.press('main a[href$="/recovery-code"]');
    await thief.press('main a[href$="/lost-factor"]');
    await thief.press('main button[name=start]');
    const person = await walks.person(manner);

    await person.goTo(await recoveryLink(owner.address, 'Your second step is to be removed'));
    await person.press('main button[value=stop]');

    const waiting = await walks.server.foundation.pool.query(
      'SELECT 1 FROM factor_recoveries WHERE user_id = $1 AND stopped_at IS NULL',
      [owner.id],
    );
    expect(waiting.rowCount).toBe(0);
  },
};

describe.each(manners)('issue 5, Proof: second factors $manner', (manner) => {
  it.each(Object.entries(flows))('%s', (_, flow) => flow(manner), 60_000);
});
