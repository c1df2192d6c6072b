import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { requestSignUp } from '../../../src/domain/lifecycle/sign-up.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { areAlike } from '../../support/statistics.ts';
import { aPerson, aSignInProcess, type SignInProcess, visitor } from '../authentication/a-sign-in-process.ts';

const ROUNDS = 500;
const A_DAY = 24 * 60 * 60;
let database: TestDatabase;
let server: SignInProcess;

beforeAll(async () => {
  database = await freshDatabase();
  server = await aSignInProcess(database.url, createPasswordHashing({ cost: 4 }));
});
afterAll(async () => {
  await server.end();
  await database.drop();
});

async function secondsFor(address: string): Promise<number> {
  // Nothing of the requests before: the throttle is not what is measured.
  server.advanceSeconds(A_DAY);
  const policy = { registration: 'open' as const, registrationDomains: [], terms: undefined, language: 'en' };
  const startedAt = performance.now();
  const outcome = await requestSignUp(server.parts, visitor('timing'), {
    ...{ address, networkPrefix: '192.0.2.1', policy, language: 'en' },
  });
  if (outcome.kind !== 'taken') throw new Error(`unexpected ${outcome.kind}`);
  return performance.now() - startedAt;
}

describe('SECURITY-LESSONS 21: the time of asking for an account', () => {
  it(`an address that has one cannot be told from one that has none in ${ROUNDS} rounds`, async () => {
    const address = 'somebody@example.com';
    await aPerson(server, { emails: [{ value: address, verified: true }] });
    const known: number[] = [];
    const absent: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const isFirst = round % 2 === 0;
      if (isFirst) known.push(await secondsFor(address));
      absent.push(await secondsFor('nobody@example.com'));
      if (!isFirst) known.push(await secondsFor(address));
    }

    expect(areAlike(known, absent)).toBe(true);
  }, 120_000);
});
