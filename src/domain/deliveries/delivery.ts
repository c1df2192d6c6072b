/**
 * The deliveries room owns how administrators see the outbox: what waits, what was delivered lately, what was given up.
 * It never shows what a message holds: mails hold links that open accounts.
 */
export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export type Delivery = {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly attemptedAt: Date | null;
  /** When it is tried next; null when it is not. */
  readonly dueAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly failedAt: Date | null;
  readonly lastError: string | null;
  readonly answerStatus: number | null;
};

export const DELIVERY_COLUMNS = `id, type, target, attempts, created_at AS "createdAt", attempted_at AS "attemptedAt",
  CASE WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN failed_at IS NOT NULL THEN 'failed' ELSE 'pending' END AS state,
  CASE WHEN delivered_at IS NULL AND failed_at IS NULL THEN available_at END AS "dueAt",
  delivered_at AS "deliveredAt", failed_at AS "failedAt", last_error AS "lastError", answer_status AS "answerStatus"`;
