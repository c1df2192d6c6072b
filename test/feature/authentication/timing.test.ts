import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyPasswordAttempt } from '../../../src/domain/authentication/verify-password-attempt.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { areAlike } from '../../support/statistics.ts';
import { aPerson, aSignInProcess, type SignInProcess, visitor } from './a-sign-in-process.ts';

const ROUNDS = 500;
const COST = 6;
const A_DAY = 24 * 60 * 60;
let database: TestDatabase;
let server: SignInProcess;

beforeAll(async () => {
  database = await freshDatabase();
  server = await aSignInProcess(database.url, createPasswordHashing({ cost: COST }));
});
afterAll(async () => {
  await server.end();
  await database.drop();
});

async function secondsFor(userName: string): Promise<number> {
  // Nothing of the attempts before: the throttle is not what is measured.
  server.advanceSeconds(A_DAY);
  const startedAt = performance.now();
  const attempt = { userName, password: 'not the password', networkPrefix: '192.0.2.1', deviceTokens: [] };
  const outcome = await verifyPasswordAttempt(server.parts, visitor('timing'), attempt);
  if (outcome.kind !== 'refused') throw new Error(`unexpected ${outcome.kind}`);
  return performance.now() - startedAt;
}

describe('SECURITY-LESSONS 21: the time of a refusal', () => {
  it.each(['unknown', 'inactive', 'without a password'] as const)(
    `someone %s cannot be told from a wrong password in ${ROUNDS} rounds`,
    async (kind) => {
      const password = 'seven otters keep the ledger';
      const person = await aPerson(server, { password });
      const inactive = await aPerson(server, { password, active: false });
      const passwordless = await aPerson(server);
      const other = {
        unknown: 'nobody@example.com',
        inactive: inactive.userName,
        'without a password': passwordless.userName,
      };
      const wrong: number[] = [];
      const absent: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const first = round % 2 === 0;
        if (first) wrong.push(await secondsFor(person.userName));
        absent.push(await secondsFor(other[kind]));
        if (!first) wrong.push(await secondsFor(person.userName));
      }

      expect(areAlike(wrong, absent)).toBe(true);
    },
    120_000,
  );
});
