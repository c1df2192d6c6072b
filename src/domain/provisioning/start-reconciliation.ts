import { conflict } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { assertMaySendPeople } from '../access/may-grant.ts';
import { getProvisioningTarget, outboxTargetOf } from './provisioning-target.ts';
import { getReconciliation, RECONCILIATION_DUE, type Reconciliation } from './reconciliation.ts';

/** The newest of each target, with what they found. */
const KEPT = 5;

/**
 * Has all accounts of a target read and compared, from the outbox; unless it is a dry run, what differs is brought about then.
 * Throws `not_found`, conflict `provisioning_targets.paused` and `provisioning_reconciliations.running`, and forbidden
 * `access.exceeds_own_permissions`.
 */
export async function startReconciliation(
  tx: Tx,
  { targetId, dryRun }: { readonly targetId: string; readonly dryRun: boolean },
): Promise<Reconciliation> {
  await assertMaySendPeople(tx);
  const target = await getProvisioningTarget(tx, targetId);
  if (target.state === 'paused')
    throw conflict('provisioning_targets.paused', { detail: 'the target is paused: resume it first' });
  const id = newId<string>(tx.now.getTime());
  await tx
    .query(
      `INSERT INTO provisioning_reconciliations (id, target_id, dry_run, state, created_at, updated_at)
       VALUES ($1, $2, $3, 'running', $4, $4)`,
      [id, target.id, dryRun, tx.now],
    )
    .catch(onRunning);
  await tx.query(
    `DELETE FROM provisioning_reconciliations WHERE target_id = $1 AND state <> 'running' AND id NOT IN (
       SELECT id FROM provisioning_reconciliations WHERE target_id = $1 ORDER BY id DESC LIMIT ${KEPT})`,
    [target.id],
  );
  readOn(tx, { reconciliationId: id, targetId: target.id, startIndex: 1 });
  tx.record({
    type: 'provisioning-reconciliations.started',
    target: { type: 'provisioning_target', id: target.id },
    details: { reconciliationId: id, dryRun },
  });
  return getReconciliation(tx, id);
}

type Place = { readonly reconciliationId: string; readonly targetId: string; readonly startIndex: number };

export const readOn = (tx: Tx, { targetId, ...payload }: Place): void =>
  tx.enqueue({ type: RECONCILIATION_DUE, target: outboxTargetOf(targetId), payload });

const onRunning = onConstraint('provisioning_reconciliations_one_running', () =>
  conflict('provisioning_reconciliations.running', { detail: 'a reconciliation of this target is under way' }),
);
