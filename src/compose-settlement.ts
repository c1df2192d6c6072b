// How deliveries end, composed: whatever way a message went, receipts and metrics hear of it.
import type { Foundation } from './compose-foundation.ts';
import { createDeliverySettlement, type DeliverySettlement } from './domain/receipts/settle-deliveries.ts';

/** Whoever signs complete receipts looks after each settlement, of what was pushed and of what was fetched. */
export function composeSettlement({ pool, transact, changes, telemetry }: Foundation): DeliverySettlement {
  const settle = createDeliverySettlement({ pool, transact });
  return async (outcomes) => {
    await settle(outcomes);
    changes.applyLocally({ topic: 'receipts', key: '*' });
    for (const { message, state } of outcomes) telemetry.deliveries.inc({ type: message.type, result: state });
  };
}
