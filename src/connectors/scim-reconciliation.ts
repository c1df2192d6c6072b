import { absorbAccounts, failReconciliation } from '../domain/provisioning/absorb-accounts.ts';
import { findProvisioningTarget } from '../domain/provisioning/provisioning-target.ts';
import { findReconciliation, type ReconciliationPayload } from '../domain/provisioning/reconciliation.ts';
import { systemActor } from '../kernel/actor.ts';
import {
  type DeliveryAnswer,
  DeliveryMoot,
  DeliveryRefused,
  type OutboxHandler,
} from '../persistence/outbox-delivery.ts';
import { openTarget, type ProvisioningParts } from './scim-provisioning.ts';

/** Small enough for an answer to stay below what is read of one. */
const ACCOUNTS_AT_ONCE = 100;
/** About two minutes: whoever waits for a report is told that there is none, rather than a day later. */
const MOST_ATTEMPTS = 6;

/** Reads one page of the accounts of a target; the transaction that compares them has the next one read. */
export function readAccounts(parts: ProvisioningParts): OutboxHandler {
  return async ({ payload, attempt }, signal): Promise<DeliveryAnswer> => {
    const { reconciliationId: id, startIndex } = payload as ReconciliationPayload & typeof payload;
    const reconciliation = await findReconciliation(parts.read, id);
    const target = reconciliation && (await findProvisioningTarget(parts.read, reconciliation.targetId));
    if (!target || reconciliation.state !== 'running') throw new DeliveryMoot('the reconciliation has ended');
    if (target.state === 'paused') throw new Error('the provisioning target is paused');
    const remote = openTarget(parts, target, signal);
    const actor = systemActor('reconcile-accounts');
    try {
      const { total, accounts } = await remote.list(startIndex, ACCOUNTS_AT_ONCE);
      await parts.transact(actor, (tx) => absorbAccounts(tx, { id, target, page: { startIndex, total, accounts } }));
    } catch (error) {
      if (error instanceof DeliveryRefused && error.answer.status === 401) parts.authorizations.forget(target.id);
      if (signal.aborted || attempt < MOST_ATTEMPTS) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      await parts.transact(actor, (tx) => failReconciliation(tx, { id, target, reason }));
      throw new DeliveryMoot(`given up: ${reason}`, { cause: error });
    }
    return remote.lastAnswer() ?? {};
  };
}
