import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RoamingVisitor } from '../../support/roaming-visitor.ts';
import type { RunningServer } from '../../support/running-server.ts';
import { type TwoServers, twoServers } from '../../support/two-servers.ts';
import { aClient, aPerson, authorizeUrl, callback } from '../interaction/a-sign-in.ts';
import { addPasskey, askedOn, eventsOf, signedIn } from './a-passkey.ts';

let servers: TwoServers;
let one: RunningServer;
let two: RunningServer;

beforeAll(async () => {
  servers = await twoServers();
  ({ one, two } = servers);
});
afterAll(() => servers.close());

// An authenticator that counts nothing: only the challenge tells a second use from the first.
it('SECURITY-LESSONS 10: of 50 uses at once of one answer, over two servers, one signs in', async () => {
  const app = await aClient(one, { firstParty: true });
  const user = await aPerson(one);
  const facts = { isSynced: true, countsNothing: true };
  const { authenticator } = await addPasskey(one, await signedIn(one, user), facts);
  const before = await successes(user.id);
  const visitor = new RoamingVisitor(one, two);
  const page = await visitor.get(authorizeUrl(one, app));
  const passkey = authenticator.get(askedOn(page));

  const ends = await Promise.all(Array.from({ length: 50 }, () => visitor.submit(page, 'passkey', { passkey })));

  expect((await successes(user.id)) - before).toBe(1);
  expect(ends.filter(({ status }) => status >= 500)).toEqual([]);
  const codes = ends.flatMap(({ url }) => (url.startsWith(one.issuer) ? [] : [callback(url).code]));
  expect(new Set(codes).size).toBeLessThanOrEqual(1);
});

const successes = async (userId: string): Promise<number> =>
  (await eventsOf(one, userId)).filter((event) => event === 'sign-ins.succeeded').length;
