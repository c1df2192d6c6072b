import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestEmailSignIn } from '../../../src/domain/authentication/request-email-sign-in.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { areAlike } from '../../support/statistics.ts';
import { aPerson, aSignInProcess, type SignInProcess, visitor } from '../authentication/a-sign-in-process.ts';

const ROUNDS = 500;
const A_DAY = 24 * 60 * 60;
let database: TestDatabase;
let server: SignInProcess;
let count = 0;

beforeAll(async () => {
  database = await freshDatabase();
  server = await aSignInProcess(database.url, createPasswordHashing({ cost: 4 }));
});
afterAll(async () => {
  await server.end();
  await database.drop();
});

async function secondsFor(userName: string): Promise<number> {
  // Nothing of the requests before: the throttle is not what is measured.
  server.advanceSeconds(A_DAY);
  count += 1;
  const wish = { userName, networkPrefix: '192.0.2.1', interaction: `interaction-${count}`, browser: 'a browser' };
  const startedAt = performance.now();
  const outcome = await requestEmailSignIn(server.parts, visitor('timing'), wish);
  if (outcome.kind !== 'taken') throw new Error(`unexpected ${outcome.kind}`);
  return performance.now() - startedAt;
}

describe('SECURITY-LESSONS 21: the time of asking for a code by mail', () => {
  it.each(['unknown', 'inactive'] as const)(
    `someone %s cannot be told from someone who gets the mail in ${ROUNDS} rounds`,
    async (kind) => {
      const person = await aPerson(server, { password: 'seven otters keep the ledger' });
      const inactive = await aPerson(server, { active: false });
      const other = { unknown: 'nobody@example.com', inactive: inactive.userName }[kind];
      const known: number[] = [];
      const absent: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const isFirst = round % 2 === 0;
        if (isFirst) known.push(await secondsFor(person.userName));
        absent.push(await secondsFor(other));
        if (!isFirst) known.push(await secondsFor(person.userName));
      }

      expect(areAlike(known, absent)).toBe(true);
    },
    120_000,
  );
});
