import type { KeyRing } from '../domain/keys/key-ring.ts';
import { retireExpiredKeys } from '../domain/keys/retire-expired-keys.ts';
import { ROTATION_PERIOD_SECONDS, rotateDueKeys } from '../domain/keys/rotate-keys.ts';
import { systemActor } from '../kernel/actor.ts';
import type { KeyEncryptionKey } from '../kernel/crypto/key-encryption-key.ts';
import type { Transact } from '../persistence/unit-of-work.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 3_600_000;

export type RotateKeysDutyParts = {
  readonly transact: Transact;
  readonly ring: KeyRing;
  readonly keyEncryptionKey: KeyEncryptionKey;
  readonly onError: DutyParts['onError'];
};

/** Once an hour: retires keys that are done, rotates those that have signed for ninety days, re-reads the ring. */
export function startRotatingKeys({ transact, ring, keyEncryptionKey, onError }: RotateKeysDutyParts): Duty {
  const actor = systemActor('rotate-keys');
  return startDuty({
    name: actor.id,
    everyMs: EVERY_MS,
    async run() {
      await transact(actor, (tx) => retireExpiredKeys(tx, { keyEncryptionKey }));
      await transact(actor, (tx) => rotateDueKeys(tx, { keyEncryptionKey, periodSeconds: ROTATION_PERIOD_SECONDS }));
      // The safety net under the change feed.
      await ring.reload();
    },
    onError,
  });
}
