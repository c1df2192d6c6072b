import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { DELIVERY_COLUMNS, type Delivery, type DeliveryState } from './delivery.ts';

/** Each state has its index: outbox_messages_pending, outbox_messages_failed; the delivered ones stay for a day. */
const CONDITIONS: Readonly<Record<DeliveryState, string>> = {
  pending: 'delivered_at IS NULL AND failed_at IS NULL',
  failed: 'failed_at IS NOT NULL',
  delivered: 'delivered_at IS NOT NULL',
};

export type DeliverySearch = PageRequest & {
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly target?: string | undefined;
};

/** Newest first. Throws invalid `request.cursor_invalid`. */
export async function searchDeliveries(read: Reader, search: DeliverySearch): Promise<Page<Delivery>> {
  const { state, cursor, limit } = search;
  const values: unknown[] = [];
  const conditions = state === undefined ? [] : [CONDITIONS[state]];
  if (search.type !== undefined) conditions.push(`type = $${values.push(search.type)}`);
  if (search.target !== undefined) conditions.push(`target = $${values.push(search.target)}`);
  if (cursor !== undefined) conditions.push(`id < $${values.push(decodeCursor(cursor, isUuid))}`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await read.query<Delivery>(
    `SELECT ${DELIVERY_COLUMNS} FROM outbox_messages ${where} ORDER BY id DESC LIMIT $${values.push(limit + 1)}`,
    values,
  );
  return toPage(rows, limit, ({ id }) => id);
}

/** Throws `not_found`, for a malformed id as well. */
export async function getDelivery(read: Reader, id: string): Promise<Delivery> {
  const [delivery] = isUuid(id)
    ? await read.query<Delivery>(`SELECT ${DELIVERY_COLUMNS} FROM outbox_messages WHERE id = $1`, [id])
    : [];
  if (!delivery)
    throw notFound('deliveries.not_found', {
      detail: 'there is no such delivery; those that went well stay for a day',
    });
  return delivery;
}
