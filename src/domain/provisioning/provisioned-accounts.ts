import type pg from 'pg';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { findUser } from '../users/find-user.ts';
import { type WantedAccount, wantedAccountOf } from './account-mapping.ts';
import type { ProvisioningPayload, ProvisioningTarget } from './provisioning-target.ts';
import { wantedPeople } from './wanted-people.ts';

/** What is known of one account there. */
export type ProvisionedAccount = {
  readonly state: 'pending' | 'active' | 'inactive';
  readonly remoteId: string | null;
  readonly sentDigest: Buffer | null;
};

/** Longer than a handler may take. */
const LEASE_SECONDS = 90;

const TAKE = /* sql */ `
  INSERT INTO provisioned_accounts AS a (target_id, user_id, state, leased_until, created_at, updated_at)
  VALUES ($1, $2, 'pending', $3::timestamptz + interval '${LEASE_SECONDS} seconds', $3, $3)
  ON CONFLICT ON CONSTRAINT provisioned_accounts_pkey DO UPDATE SET leased_until = excluded.leased_until
  WHERE a.leased_until IS NULL OR a.leased_until <= $3
  RETURNING state, remote_id AS "remoteId", sent_digest AS "sentDigest"`;

/**
 * The account, for this delivery alone until it is settled or released: one that began earlier must not arrive later with what
 * was true then. Undefined while another has it.
 */
export async function takeAccount(
  pool: pg.Pool,
  { targetId, userId }: ProvisioningPayload,
  now: Date,
): Promise<ProvisionedAccount | undefined> {
  const { rows } = await pool.query<ProvisionedAccount>(TAKE, [targetId, userId, now]);
  return rows[0];
}

export async function releaseAccount(pool: pg.Pool, { targetId, userId }: ProvisioningPayload): Promise<void> {
  await pool.query('UPDATE provisioned_accounts SET leased_until = NULL WHERE target_id = $1 AND user_id = $2', [
    targetId,
    userId,
  ]);
}

const IS_WANTED = /* sql */ `
  WITH RECURSIVE ${wantedPeople({ at: '$1', users: '$2', targets: '$3' })} SELECT user_id FROM wanted LIMIT 1`;

/** What this person is to have there at this moment; undefined: nothing. */
export async function findWantedAccount(
  read: Reader,
  { target, userId, at }: { readonly target: ProvisioningTarget; readonly userId: string; readonly at: Date },
): Promise<WantedAccount | undefined> {
  const rows = await read.query(IS_WANTED, [at, [userId], [target.id]]);
  const user = rows.length === 0 ? undefined : await findUser(read, userId);
  return user && wantedAccountOf(user, target.mapping);
}

/** How it is there now, and what was done for that. */
export type AccountOutcome =
  | {
      readonly state: 'active';
      readonly remoteId: string;
      readonly digest: Buffer;
      readonly did: 'created' | 'updated' | undefined;
    }
  | { readonly state: 'inactive'; readonly remoteId: string; readonly did: 'deactivated' | undefined }
  | { readonly state: 'gone'; readonly remoteId: string | null; readonly did: 'deleted' | undefined };

/** Writes down how an account is now, and lets go of it. */
export async function settleAccount(
  tx: Tx,
  { targetId, userId, outcome }: ProvisioningPayload & { readonly outcome: AccountOutcome },
): Promise<void> {
  if (outcome.state === 'gone')
    await tx.query('DELETE FROM provisioned_accounts WHERE target_id = $1 AND user_id = $2', [targetId, userId]);
  else
    await tx.query(
      `UPDATE provisioned_accounts SET state = $3, remote_id = $4, sent_digest = $5, leased_until = NULL, updated_at = $6
       WHERE target_id = $1 AND user_id = $2`,
      [targetId, userId, outcome.state, outcome.remoteId, outcome.state === 'active' ? outcome.digest : null, tx.now],
    );
  if (outcome.did === undefined) return;
  tx.record({
    type: `provisioned-accounts.${outcome.did}`,
    target: { type: 'user', id: userId },
    details: { provisioningTargetId: targetId, remoteId: outcome.remoteId },
  });
}
