import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueProvisioning } from './enqueue-provisioning.ts';
import { type AccountThere, type Match, matchAccounts } from './match-accounts.ts';
import type { ProvisioningTarget } from './provisioning-target.ts';
import type { Reconciliation } from './reconciliation.ts';
import { readOn } from './start-reconciliation.ts';
import { wantedPeople } from './wanted-people.ts';

/** A target that says it has more is not believed. */
const MOST_ACCOUNTS = 1_000_000;

export type AccountsPage = {
  readonly startIndex: number;
  readonly total: number;
  readonly accounts: readonly AccountThere[];
};

/**
 * Compares one page of accounts and has the next one read; the last one ends the reconciliation. A page that comes again
 * changes nothing.
 */
export async function absorbAccounts(
  tx: Tx,
  { id, target, page }: { readonly id: string; readonly target: ProvisioningTarget; readonly page: AccountsPage },
): Promise<void> {
  const { startIndex, total, accounts } = page;
  const [open] = await tx.query<Pick<Reconciliation, 'dryRun'>>(
    `SELECT dry_run AS "dryRun" FROM provisioning_reconciliations
     WHERE id = $1 AND state = 'running' AND accounts_read = $2 FOR UPDATE`,
    [id, startIndex - 1],
  );
  if (open === undefined) return;
  const fresh = await keepMatches(tx, id, await matchAccounts(tx, target, accounts));
  if (accounts.length > 0 && fresh === 0)
    return failReconciliation(tx, { id, target, reason: 'the target shows the same accounts again on another page' });
  if (total > MOST_ACCOUNTS)
    return failReconciliation(tx, { id, target, reason: `the target says that it has ${total} accounts` });
  const accountsRead = startIndex - 1 + accounts.length;
  await tx.query(
    `UPDATE provisioning_reconciliations SET accounts_read = $2, accounts_total = $3, updated_at = $4 WHERE id = $1`,
    [id, accountsRead, total, tx.now],
  );
  if (accountsRead < total && accounts.length === 0)
    return failReconciliation(tx, {
      id,
      target,
      reason: `the target says that it has ${total} accounts and shows ${accountsRead}`,
    });
  if (accountsRead < total)
    return readOn(tx, { reconciliationId: id, targetId: target.id, startIndex: accountsRead + 1 });
  await complete(tx, { id, target, dryRun: open.dryRun });
}

/** Answers how many accounts were not seen before. */
async function keepMatches(tx: Tx, id: string, matches: readonly Match[]): Promise<number> {
  const rows = await tx.query<{ fresh: number }>(
    `WITH kept AS (
       INSERT INTO provisioning_findings (reconciliation_id, kind, user_id, remote_id, remote_user_name, attributes)
       SELECT $1, kind, "userId", "remoteId", "remoteUserName", attributes
       FROM jsonb_to_recordset($2::jsonb)
         AS found (kind text, "userId" uuid, "remoteId" text, "remoteUserName" text, attributes text[])
       ON CONFLICT (reconciliation_id, md5(remote_id)) WHERE remote_id IS NOT NULL DO NOTHING RETURNING 1)
     SELECT count(*)::integer AS fresh FROM kept`,
    [id, JSON.stringify(matches)],
  );
  return rows[0]?.fresh ?? 0;
}

const FIND_MISSING = /* sql */ `
  WITH RECURSIVE ${wantedPeople({ at: '$1', targets: '$2' })}
  INSERT INTO provisioning_findings (reconciliation_id, kind, user_id)
  SELECT $3, 'missing', wanted.user_id FROM wanted
  WHERE NOT EXISTS (SELECT FROM provisioning_findings f WHERE f.reconciliation_id = $3 AND f.user_id = wanted.user_id)
  ORDER BY wanted.user_id`;

type Ending = { readonly id: string; readonly target: ProvisioningTarget };

async function complete(tx: Tx, { id, target, dryRun }: Ending & { readonly dryRun: boolean }): Promise<void> {
  await tx.query(FIND_MISSING, [tx.now, [target.id], id]);
  const rows = await tx.query<{ kind: string; count: number }>(
    'SELECT kind, count(*)::integer AS count FROM provisioning_findings WHERE reconciliation_id = $1 GROUP BY kind',
    [id],
  );
  const counts = Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  await tx.query(`DELETE FROM provisioning_findings WHERE reconciliation_id = $1 AND kind = 'matched'`, [id]);
  await tx.query(
    `UPDATE provisioning_reconciliations SET state = 'completed', counts = $2, completed_at = $3, updated_at = $3
     WHERE id = $1`,
    [id, counts, tx.now],
  );
  if (!dryRun) await correct(tx, { id, target });
  tx.record({
    type: 'provisioning-reconciliations.completed',
    target: { type: 'provisioning_target', id: target.id },
    details: { reconciliationId: id, dryRun, counts },
  });
}

/** What is known of the account there no longer counts, so that the delivery looks. */
const FORGET = /* sql */ `
  UPDATE provisioned_accounts a SET sent_digest = NULL, remote_id = CASE f.kind WHEN 'missing' THEN NULL ELSE f.remote_id END,
    state = CASE f.kind WHEN 'missing' THEN 'pending' ELSE a.state END, updated_at = $3
  FROM provisioning_findings f
  WHERE f.reconciliation_id = $1 AND f.kind IN ('missing', 'drift') AND a.target_id = $2 AND a.user_id = f.user_id`;

/** Whoever has no claim has an account all the same: from now on it is one to be ended. */
const LINK_UNENTITLED = /* sql */ `
  INSERT INTO provisioned_accounts AS a (target_id, user_id, state, remote_id, created_at, updated_at)
  SELECT DISTINCT ON (f.user_id) $2::uuid, f.user_id, 'active', f.remote_id, $3::timestamptz, $3::timestamptz
  FROM provisioning_findings f WHERE f.reconciliation_id = $1 AND f.kind = 'unentitled' ORDER BY f.user_id, f.place
  ON CONFLICT ON CONSTRAINT provisioned_accounts_pkey
    DO UPDATE SET state = 'active', remote_id = excluded.remote_id, sent_digest = NULL, updated_at = excluded.updated_at`;

/** Brings about what differs, through the same deliveries as any change. Orphans are nobody's to touch: they are reported. */
async function correct(tx: Tx, { id, target }: Ending): Promise<void> {
  await tx.query(FORGET, [id, target.id, tx.now]);
  await tx.query(LINK_UNENTITLED, [id, target.id, tx.now]);
  const people = await tx.query<{ userId: string }>(
    `SELECT DISTINCT user_id AS "userId" FROM provisioning_findings WHERE reconciliation_id = $1 AND user_id IS NOT NULL`,
    [id],
  );
  await enqueueProvisioning(tx, { userIds: people.map(({ userId }) => userId), targetId: target.id });
}

/** It ends without having seen everything: nothing is corrected. */
export async function failReconciliation(
  tx: Tx,
  { id, target, reason }: Ending & { readonly reason: string },
): Promise<void> {
  const rows = await tx.query(
    `WITH failed AS (
       UPDATE provisioning_reconciliations SET state = 'failed', error = $2, completed_at = $3, updated_at = $3
       WHERE id = $1 AND state = 'running' RETURNING id)
     SELECT id FROM failed`,
    [id, reason, tx.now],
  );
  if (rows.length === 0) return;
  await tx.query(`DELETE FROM provisioning_findings WHERE reconciliation_id = $1 AND kind = 'matched'`, [id]);
  tx.record({
    type: 'provisioning-reconciliations.failed',
    target: { type: 'provisioning_target', id: target.id },
    outcome: 'failure',
    reason: 'accounts_unreadable',
    details: { reconciliationId: id, error: reason },
  });
}
