import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aPersonWithAddress, codeIn, linkOf, newestMail } from '../feature/email-sign-in/a-code.ts';
import { type Manner, manners, type Person, Walks } from './manners.ts';

let walks: Walks;

beforeAll(async () => {
  walks = await Walks.start({ DOORWARD_EMAIL_SIGN_IN: 'code-and-link' });
}, 120_000);
afterAll(() => walks?.stop());
afterEach(() => walks.closeBrowsers());

/** From the application to the page that waits for the code of the mail. */
async function asked(manner: Manner) {
  const owner = await aPersonWithAddress(walks.server);
  const person: Person = await walks.person(manner);
  await person.goTo(walks.authorizeUrl());
  await person.press('main a[href$="/email"]');
  await person.fill('username', owner.userName);
  await person.send('username');
  return { person, mail: await newestMail(walks.server, owner.address) };
}

const flows: Readonly<Record<string, (manner: Manner) => Promise<void>>> = {
  'the code of the mail signs in, after a wrong one': async (manner) => {
    const { person, mail } = await asked(manner);
    const code = codeIn(mail);

    await person.fill('code', code === '0000 0000' ? '1111 1111' : '0000 0000');
    await person.send('code');
    expect(await person.has('[role=alert]')).toBe(true);
    await person.fill('code', code);
    await person.send('code');

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },

  'the link of the mail is refused in another browser, looking at it uses nothing up, and its button signs in': async (
    manner,
  ) => {
    const { person, mail } = await asked(manner);
    const link = linkOf(walks.server, mail);
    const other = await walks.person(manner);

    await other.goTo(link);
    expect(await other.has('main button[name=confirm]')).toBe(false);
    await person.goTo(link);
    await person.goTo(link);
    expect(walks.answers()).toEqual([]);
    await person.press('main button[name=confirm]');

    expect(walks.answers()).toMatchObject([{ code: expect.any(String) }]);
  },
};

describe.each(manners)('issue 5, Proof: signing in by mail $manner', (manner) => {
  it.each(Object.entries(flows))('%s', (_, flow) => flow(manner), 60_000);
});
