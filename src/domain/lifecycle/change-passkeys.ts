import type { Tx } from '../../persistence/unit-of-work.ts';
import { redeemChallenge } from '../credentials/passkey-challenge.ts';
import { passkeyName } from '../credentials/passkey-names.ts';
import {
  deletePasskeys,
  insertPasskey,
  LONGEST_PASSKEY_NAME,
  type NewPasskey,
  type Passkey,
  renamePasskey,
} from '../credentials/passkeys.ts';
import { deleteRecoveryCodes, replaceRecoveryCodes } from '../credentials/recovery-codes.ts';
import type { SecondFactorSecrets } from '../credentials/second-factor-secrets.ts';
import { findSecondFactors, hasAny } from '../credentials/second-factors.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { emitSignals, type Signal } from '../signals/emit-signals.ts';

/**
 * CAEP §3.3.1: keys that stay on their device roam or are part of a platform; we are not told which. What the person calls it
 * is no receiver's business.
 */
export const passkeyChanged = (userId: string, how: 'create' | 'delete'): Signal => ({
  userId,
  name: 'credential-change',
  reason: how === 'create' ? 'A passkey was added' : 'A passkey was removed',
  claims: { credential_type: 'fido2-platform', change_type: how },
});

export type AddedPasskey = {
  /** With the first second factor of a person. */
  readonly recoveryCodes: readonly string[] | undefined;
};

/**
 * What the person's authenticator made is theirs from now on, and signs them in. Undefined when the same answer was given before.
 * Throws conflict `credentials.passkey_exists`, `credentials.too_many_passkeys`.
 */
export async function addPasskey(
  tx: Tx,
  secrets: SecondFactorSecrets,
  { userId, challenge, passkey }: { userId: string; challenge: string; passkey: NewPasskey },
): Promise<AddedPasskey | undefined> {
  const target = { type: 'user', id: userId };
  if (!(await redeemChallenge(tx, challenge))) {
    tx.record({ type: 'passkeys.refused', outcome: 'refused', reason: 'used_challenge', target });
    return undefined;
  }
  const isFirst = !hasAny(await findSecondFactors(tx, userId));
  const name = passkeyName(passkey.aaguid);
  const id = await insertPasskey(tx, { userId, name, passkey });
  const { aaguid, isBackupEligible, isBackedUp, isAttested = false } = passkey;
  tx.record({
    type: 'passkeys.created',
    target,
    details: { passkeyId: id, aaguid, isBackupEligible, isBackedUp, isAttested },
    personal: { name },
  });
  enqueueMail(tx, { kind: 'passkey_changed', userId, change: 'added', name });
  await emitSignals(tx, [passkeyChanged(userId, 'create')]);
  return { recoveryCodes: isFirst ? await replaceRecoveryCodes(tx, secrets, userId) : undefined };
}

/** Throws `not_found`. Says false, and changes nothing, for a name that is none. */
export async function nameOwnPasskey(
  tx: Tx,
  { userId, id, name: typed }: { userId: string; id: string; name: string },
): Promise<boolean> {
  const name = typed.trim();
  if (name === '' || name.length > LONGEST_PASSKEY_NAME) return false;
  await renamePasskey(tx, { userId, id, name });
  tx.record({
    type: 'passkeys.renamed',
    target: { type: 'user', id: userId },
    details: { passkeyId: id },
    personal: { name },
  });
  return true;
}

/** The one that was removed, if it was there. Recovery codes end with the last second factor. */
export async function removePasskey(
  tx: Tx,
  { userId, id }: { userId: string; id: string },
): Promise<Passkey | undefined> {
  const [gone] = await deletePasskeys(tx, { userId, id });
  if (gone) await tellRemoval(tx, userId, [gone]);
  return gone;
}

/** Somebody else may have made those of late: all that came since a moment go. */
export async function removePasskeysSince(
  tx: Tx,
  { userId, since }: { readonly userId: string; readonly since: Date },
): Promise<void> {
  const gone = await deletePasskeys(tx, { userId, since });
  if (gone.length > 0) await tellRemoval(tx, userId, gone);
}

async function tellRemoval(tx: Tx, userId: string, gone: readonly Passkey[]): Promise<void> {
  if (!hasAny(await findSecondFactors(tx, userId))) await deleteRecoveryCodes(tx, userId);
  for (const { id, name } of gone) {
    tx.record({
      type: 'passkeys.deleted',
      target: { type: 'user', id: userId },
      details: { passkeyId: id },
      personal: { name },
    });
    enqueueMail(tx, { kind: 'passkey_changed', userId, change: 'removed', name });
  }
  await emitSignals(
    tx,
    gone.map(() => passkeyChanged(userId, 'delete')),
  );
}
