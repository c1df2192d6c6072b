import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inviteToOrganization } from '../../../src/domain/lifecycle/accept-invitation.ts';
import { inviteToSignUp } from '../../../src/domain/lifecycle/sign-up.ts';
import { createOrganization } from '../../../src/domain/organizations/create-organization.ts';
import { comparisonKey } from '../../../src/kernel/text.ts';
import { mailedLink } from '../../support/mail.ts';
import { RoamingVisitor } from '../../support/roaming-visitor.ts';
import type { RunningServer } from '../../support/running-server.ts';
import { type TwoServers, twoServers } from '../../support/two-servers.ts';
import { givePassword } from '../email-sign-in/a-code.ts';
import { password } from '../interaction/a-sign-in.ts';
import { anAddressee, enqueue } from '../mail/a-mail.ts';

const AT_ONCE = 50;
const operator = { type: 'operator', id: 'test' } as const;
const secret = 'nine badgers count the harvest';
const newPassword = { 'new-password': secret, 'new-password-again': secret };
let servers: TwoServers;
let one: RunningServer;
let two: RunningServer;
let count = 0;

beforeAll(async () => {
  servers = await twoServers({ DOORWARD_REGISTRATION: 'open' });
  ({ one, two } = servers);
});
afterAll(() => servers.close());

const anAddress = () => {
  count += 1;
  return `one-time-${process.pid}-${count}@example.com`;
};

/** Somebody who wished for another address: the links in the mails to the new one and to theirs. */
async function wishForAddress() {
  const person = await anAddressee(one);
  await givePassword(one, person);
  const visitor = new RoamingVisitor(one, two);
  await visitor.signIn(await visitor.get('/account/email'), person.userName, password);
  const address = anAddress();
  await visitor.submit(await visitor.get('/account/email'), 'email', { email: address });
  const links = {
    theirs: await mailedLink(one, person.address, '/account/email/confirm'),
    other: await mailedLink(one, address, '/account/email/confirm'),
  };
  return { person, visitor, links };
}

type OneTime = { readonly link: () => Promise<string>; readonly fields?: Readonly<Record<string, string>> };

const kinds: Readonly<Record<string, OneTime>> = {
  'a forgotten password': {
    async link() {
      const { id, address } = await anAddressee(one);
      await enqueue(one, { kind: 'recovery', userId: id, addressKey: null });
      return mailedLink(one, address, '/account/set-password');
    },
    fields: newPassword,
  },
  'the first password of an account': {
    async link() {
      const { id, address } = await anAddressee(one);
      await enqueue(one, { kind: 'invitation', userId: id });
      return mailedLink(one, address, '/account/set-password');
    },
    fields: newPassword,
  },
  'an account of one’s own': {
    async link() {
      const address = anAddress();
      await one.foundation.transact(operator, async (tx) => inviteToSignUp(tx, address));
      return mailedLink(one, address, '/sign-up/complete');
    },
    fields: { name: 'Ada Archer', ...newPassword },
  },
  'an invitation to an organization': {
    async link() {
      const email = anAddress();
      await one.foundation.transact(operator, async (tx) => {
        const { id: organizationId } = await createOrganization(tx, { name: email });
        await inviteToOrganization(tx, { organizationId, email });
      });
      return mailedLink(one, email, '/invitations/accept');
    },
    fields: { name: 'Ada Archer', ...newPassword },
  },
  'an invitation of somebody who has an account': {
    async link() {
      const { address: email } = await anAddressee(one);
      await one.foundation.transact(operator, async (tx) => {
        const { id: organizationId } = await createOrganization(tx, { name: email });
        await inviteToOrganization(tx, { organizationId, email });
      });
      return mailedLink(one, email, '/invitations/accept');
    },
  },
  'an address that is to be proved': {
    async link() {
      const address = anAddress();
      const { id } = await anAddressee(one, { emails: [{ value: address, primary: true }] });
      await enqueue(one, { kind: 'verify_email', userId: id, addressKey: comparisonKey(address) });
      return mailedLink(one, address, '/account/verify-email');
    },
  },
  '“that was not me”': {
    async link() {
      const { id, address } = await anAddressee(one);
      await enqueue(one, { kind: 'new_device', userId: id, userAgent: null, ipAddress: null });
      return mailedLink(one, address, '/account/not-me');
    },
  },
  'another address': {
    link: async () => (await wishForAddress()).links.other,
  },
  'another address, taken back': {
    async link() {
      const { person, visitor, links } = await wishForAddress();
      for (const link of [links.theirs, links.other]) await visitor.submit(await visitor.get(link), 'token', {});
      return mailedLink(one, person.address, '/account/email/undo');
    },
  },
};

describe('SECURITY-LESSONS 10: a link in a mail counts once', () => {
  it.each(Object.entries(kinds))(
    `%s: of ${AT_ONCE} uses at once over two servers one counts, and the link opens nothing any more`,
    async (_, { link, fields = {} }) => {
      const visitor = new RoamingVisitor(one, two);
      const url = await link();
      const page = await visitor.get(url);

      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => visitor.submit(page, 'token', fields)));

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => ![200, 409, 410, 429].includes(status))).toEqual([]);
      expect((await visitor.get(url)).status).toBe(410);
    },
    60_000,
  );
});
