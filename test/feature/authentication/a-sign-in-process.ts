import type { DataSource } from 'typeorm';
import type { AuthenticationParts } from '../../../src/domain/authentication/check-password.ts';
import { createThrottle, type Throttle } from '../../../src/domain/authentication/throttle.ts';
import { PasswordCredentialsTable } from '../../../src/domain/credentials/password-credentials-table.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import type { SecondFactorSecrets } from '../../../src/domain/credentials/second-factor-secrets.ts';
import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { userInput } from '../../../src/domain/users/user-input.ts';
import { UserEmailsTable, UsersTable } from '../../../src/domain/users/users-table.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { openEnvelope, sealEnvelope } from '../../../src/kernel/crypto/envelope.ts';
import { generateKeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { type ChangeFeed, createChangeFeed } from '../../../src/persistence/change-feed.ts';
import { createDataSource, poolOf } from '../../../src/persistence/data-source.ts';
import { createReader, createTransact } from '../../../src/persistence/unit-of-work.ts';

export const LOW_COST = 4;
export const throttleKey = Buffer.alloc(32, 7);
const kek = generateKeyEncryptionKey();
export const secondFactors: SecondFactorSecrets = {
  seal: (plaintext, context) => sealEnvelope(kek, plaintext, context),
  open: (envelope, context) => openEnvelope(kek, envelope, context),
  recoveryKey: Buffer.alloc(32, 5),
};

/** What one server process has for signing people in: a pool and a throttle of its own, a clock that the test moves. */
export type SignInProcess = {
  readonly dataSource: DataSource;
  readonly parts: AuthenticationParts;
  readonly throttle: Throttle;
  advanceSeconds(seconds: number): void;
  end(): Promise<void>;
};

export async function aSignInProcess(
  url: string,
  hashing = createPasswordHashing({ cost: LOW_COST }),
): Promise<SignInProcess> {
  const dataSource = createDataSource({ connection: { url }, poolSize: 8, entities: [], onConnectionError: () => {} });
  dataSource.setOptions({ entities: [UsersTable, UserEmailsTable, PasswordCredentialsTable] });
  await dataSource.initialize();
  const changes: ChangeFeed = createChangeFeed({ url }, () => {});
  let now = Date.parse('2026-03-01T12:00:00.123Z');
  const clock = { now: () => new Date(now) };
  const pool = poolOf(dataSource);
  const throttle = createThrottle({ pool, key: throttleKey, clock });
  const transact = createTransact({ dataSource, clock, changes, demandAudit: true });
  return {
    dataSource,
    throttle,
    parts: { read: createReader(dataSource), transact, pool, hashing, throttle, clock, throttleKey, secondFactors },
    advanceSeconds(seconds) {
      now += seconds * 1000;
    },
    end: () => dataSource.destroy(),
  };
}

export const visitor = (requestId: string): Actor => ({ type: 'anonymous', id: 'anonymous', requestId });

let count = 0;

/** A person of the test's own. */
export async function aPerson(
  { parts }: SignInProcess,
  facts: { password?: string; active?: boolean; emails?: { value: string; verified: boolean }[] } = {},
): Promise<User> {
  count += 1;
  const { password, ...rest } = facts;
  const input = userInput.parse({ userName: `Person-${process.pid}-${count}`, ...rest });
  const hash = password === undefined ? undefined : await parts.hashing.hashPassword(password);
  return parts.transact({ type: 'operator', id: 'test' }, async (tx) => {
    const user = await createUser(tx, input);
    if (hash) await setPassword(tx, { userId: user.id, hash });
    return user;
  });
}
