import type { Tx } from '../../persistence/unit-of-work.ts';
import { type DeviceTokens, forgetDevices } from '../authentication/known-devices.ts';
import { endOtherAccess } from '../sessions/end-other-access.ts';
import { sessionsRevoked } from '../sessions/end-session.ts';
import { emitSignals } from '../signals/emit-signals.ts';

export type OtherSessions = {
  readonly userId: string;
  /** The session and the device tokens of the browser it is done in. */
  readonly sessionUid: string;
  readonly deviceTokens: DeviceTokens;
};

/**
 * Somebody signs out everywhere but here: sessions, grants and tokens end, applications are told, and no other browser counts
 * as one of theirs any more. Answers how many sessions there were.
 */
export async function endOtherSessions(tx: Tx, { userId, sessionUid, deviceTokens }: OtherSessions): Promise<number> {
  const ended = await endOtherAccess(tx, { userId, keptSessionUid: sessionUid });
  await forgetDevices(tx, { userId, keptTokens: deviceTokens });
  await emitSignals(tx, sessionsRevoked(ended, 'The session was ended by the person'));
  tx.record({
    type: 'sessions.others-ended',
    target: { type: 'user', id: userId },
    details: { sessions: ended.length },
  });
  return ended.length;
}
