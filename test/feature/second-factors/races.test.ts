import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { useRecoveryCode } from '../../../src/domain/credentials/recovery-codes.ts';
import { totpCode, totpStep } from '../../../src/domain/credentials/totp.ts';
import { type CodeUse, useTotpCode } from '../../../src/domain/credentials/totp-credential.ts';
import { addTotp } from '../../../src/domain/lifecycle/change-second-factors.ts';
import type { Tx } from '../../../src/persistence/unit-of-work.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aPerson, aSignInProcess, type SignInProcess, secondFactors } from '../authentication/a-sign-in-process.ts';
import { seed } from './a-second-factor.ts';

let database: TestDatabase;
let processes: readonly SignInProcess[];

beforeAll(async () => {
  database = await freshDatabase();
  processes = [await aSignInProcess(database.url), await aSignInProcess(database.url)];
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.end()));
  await database.drop();
});

const AT_ONCE = 50;

/** The same use, spread over both processes. */
function atOnce(userId: string, use: (tx: Tx) => Promise<CodeUse>): Promise<CodeUse[]> {
  const uses = Array.from({ length: AT_ONCE }, (_, index) => processes[index % processes.length]);
  return Promise.all(
    uses.map((one) => {
      if (!one) throw new Error('no process');
      return one.parts.transact({ type: 'user', id: userId }, async (tx) => {
        const outcome = await use(tx);
        tx.record({ type: 'factors.verified', reason: outcome });
        return outcome;
      });
    }),
  );
}

it.each(['an authenticator app', 'a recovery code'] as const)(
  'SECURITY-LESSONS 10, 22: one code of %s used fifty times at once over two processes is accepted once',
  async (kind) => {
    const [first] = processes;
    if (!first) throw new Error('no process');
    const { id: userId } = await aPerson(first);
    const step = totpStep(first.parts.clock.now());
    const added = await first.parts.transact({ type: 'user', id: userId }, (tx) =>
      addTotp(tx, secondFactors, { userId, seed, code: totpCode(seed, step) }),
    );
    const recoveryCode = added.kind === 'added' ? (added.recoveryCodes[0] ?? '') : '';
    const next = totpCode(seed, step + 1);

    const outcomes = await atOnce(userId, (tx) =>
      kind === 'a recovery code'
        ? useRecoveryCode(tx, secondFactors, { userId, code: recoveryCode })
        : useTotpCode(tx, secondFactors, { userId, code: next }),
    );

    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'used_code')).toHaveLength(AT_ONCE - 1);
  },
);
