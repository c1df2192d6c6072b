import type { Tx } from '../../persistence/unit-of-work.ts';
import { type DeviceTokens, forgetDevices } from '../authentication/known-devices.ts';
import { setPassword } from '../credentials/set-password.ts';
import { endOtherAccess } from '../sessions/end-other-access.ts';

export type OwnPasswordChange = {
  readonly userId: string;
  readonly hash: string;
  /** The session and the device tokens of the browser it is done in. */
  readonly sessionUid: string;
  readonly deviceTokens: DeviceTokens;
};

/**
 * Someone who is signed in and has proved their current password changes it: everything else that is signed in as them ends,
 * in this transaction; the browser they do it in stays. Throws `not_found`.
 */
export async function changeOwnPassword(
  tx: Tx,
  { userId, hash, sessionUid, deviceTokens }: OwnPasswordChange,
): Promise<void> {
  await setPassword(tx, { userId, hash });
  await forgetDevices(tx, { userId, keptTokens: deviceTokens });
  await endOtherAccess(tx, { userId, keptSessionUid: sessionUid });
}
