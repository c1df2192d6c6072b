import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RoamingVisitor } from '../../support/roaming-visitor.ts';
import type { RunningServer } from '../../support/running-server.ts';
import { type TwoServers, twoServers } from '../../support/two-servers.ts';
import type { Page } from '../../support/web-visitor.ts';
import { aClient } from '../interaction/a-sign-in.ts';
import { eventsOf } from '../passkeys/a-passkey.ts';
import { aPersonWithAddress, ask, codeIn, grantOf, linkOf, newestMail } from './a-code.ts';

let servers: TwoServers;
let one: RunningServer;
let two: RunningServer;

beforeAll(async () => {
  servers = await twoServers({ DOORWARD_EMAIL_SIGN_IN: 'code-and-link' });
  ({ one, two } = servers);
});
afterAll(() => servers.close());

const AT_ONCE = 50;
const atOnce = (use: (index: number) => Promise<Page>): Promise<Page[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => use(index)));

it.each(['its code', 'its link', 'both'] as const)(
  'SECURITY-LESSONS 10: of 50 uses at once of one mail by %s, over two servers, one signs in',
  async (what) => {
    const app = await aClient(one, { firstParty: true });
    const person = await aPersonWithAddress(one);
    const { visitor, page } = await ask(one, app, person.userName, new RoamingVisitor(one, two));
    const mail = await newestMail(one, person.address);
    const confirmation = await visitor.get(linkOf(one, mail));
    const byCode = () => visitor.submit(page, 'code', { code: codeIn(mail) });
    const byLink = () => visitor.submit(confirmation, 'confirm', { confirm: 'yes' });

    const ends = await atOnce((index) =>
      what === 'its code' || (what === 'both' && index % 4 < 2) ? byCode() : byLink(),
    );

    const succeeded = (await eventsOf(one, person.id)).filter((event) => event === 'sign-ins.succeeded');
    expect(succeeded).toHaveLength(1);
    expect(ends.filter(({ status }) => status >= 500)).toEqual([]);
    const grants = ends.map((end) => grantOf(one, end)).filter((grant) => grant !== undefined);
    expect(new Set(grants).size).toBeLessThanOrEqual(1);
  },
  60_000,
);
