import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { confirmPassword } from '../../../src/domain/authentication/confirm-password.ts';
import { createThrottle } from '../../../src/domain/authentication/throttle.ts';
import { findPasswordHash } from '../../../src/domain/credentials/password-credential.ts';
import { changeOwnPassword } from '../../../src/domain/lifecycle/change-own-password.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { removeUser } from '../../../src/domain/lifecycle/remove-user.ts';
import { resetPassword } from '../../../src/domain/lifecycle/reset-password.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';

const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function confirmed({ userName, id }: User) {
  const { read, transact, hashing, pool, keyRing, clock } = server.foundation;
  const throttleKey = keyRing.derive('throttle');
  const parts = {
    read,
    transact,
    pool,
    hashing,
    clock,
    throttleKey,
    secondFactors: { seal: keyRing.seal, open: keyRing.open, recoveryKey: keyRing.derive('recovery codes') },
    throttle: createThrottle({ pool, clock, key: throttleKey }),
  };
  const attempt = { userName, password, networkPrefix: '192.0.2.1', deviceTokens: [] };
  const confirmation = await confirmPassword(parts, { type: 'user', id }, attempt);
  if (confirmation.kind !== 'confirmed') throw new Error(confirmation.kind);
  return confirmation.account;
}

const meanwhile: Readonly<Record<string, (person: User) => Promise<void>>> = {
  'an administrator set another password': async ({ id }) => {
    const hash = await server.foundation.hashing.hashPassword('nine badgers count the harvest');
    await server.foundation.transact(operator, (tx) => resetPassword(tx, { userId: id, hash }));
  },
  'they were deactivated': ({ id }) => server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: id })),
  'they were deleted': ({ id }) => server.foundation.transact(operator, (tx) => removeUser(tx, { userId: id })),
};

it.each(Object.entries(meanwhile))(
  'a proof of the current password is worth nothing when %s since: the change of password is refused and recorded',
  async (_, change) => {
    const person = await aPerson(server);
    const account = await confirmed(person);
    await change(person);
    const before = await findPasswordHash(server.foundation.read, person.id);

    const isChanged = await server.foundation.transact({ type: 'user', id: person.id }, (tx) =>
      changeOwnPassword(tx, { account, hash: 'dw1:bcrypt:never', sessionUid: 'none', deviceTokens: [] }),
    );

    expect(isChanged).toBe(false);
    expect(await findPasswordHash(server.foundation.read, person.id)).toBe(before);
    const events = await server.foundation.read.query<{ reason: string }>(
      `SELECT reason FROM audit_events WHERE type = 'passwords.confirmation-refused' AND target_id = $1`,
      [person.id],
    );
    expect(events.map(({ reason }) => reason)).toEqual(['changed_meanwhile']);
  },
);

it('of twenty changes at once with one proof exactly one counts', async () => {
  const person = await aPerson(server);
  const account = await confirmed(person);
  const hash = await server.foundation.hashing.hashPassword('nine badgers count the harvest');

  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () =>
      server.foundation.transact({ type: 'user', id: person.id }, (tx) =>
        changeOwnPassword(tx, { account, hash, sessionUid: 'none', deviceTokens: [] }),
      ),
    ),
  );

  expect(outcomes.filter(Boolean)).toHaveLength(1);
});
