import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { Receipt, ReceiptTarget } from './receipt.ts';

type ReceiptRow = Omit<Receipt, 'targets'>;
type TargetRow = ReceiptTarget & { readonly receiptId: string };

const RECEIPT_COLUMNS = `id, user_id AS "userId", cause, actor_type AS "actorType", actor_id AS "actorId",
  request_id AS "requestId", created_at AS "createdAt", completed_at AS "completedAt", statement, kid, signature`;
const TARGET_COLUMNS = `receipt_id AS "receiptId", kind, target_id AS id, target_name AS name, sent, state, details,
  message_id AS "messageId", attempts, first_attempt_at AS "firstAttemptAt", last_attempt_at AS "lastAttemptAt",
  settled_at AS "settledAt", answer_status AS "answerStatus", answer_excerpt AS "answerExcerpt", error`;

/** Throws `not_found`, for a malformed id as well. */
export async function getReceipt(read: Reader, id: string): Promise<Receipt> {
  const [receipt] = isUuid(id) ? await findReceipts(read, [id]) : [];
  if (!receipt) throw notFound('deprovisioning_receipts.not_found', { detail: 'there is no such receipt' });
  return receipt;
}

/** Oldest first; those that do not exist are left out. */
export async function findReceipts(read: Reader, ids: readonly string[]): Promise<readonly Receipt[]> {
  const rows = await read.query<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM deprovisioning_receipts WHERE id = ANY($1::uuid[]) ORDER BY id`,
    [ids],
  );
  return withTargets(read, rows);
}

export type ReceiptSearch = PageRequest & {
  readonly userId?: string | undefined;
  readonly status?: 'open' | 'complete' | undefined;
};

/** Newest first. Throws invalid `request.cursor_invalid`. */
export async function searchReceipts(
  read: Reader,
  { userId, status, cursor, limit }: ReceiptSearch,
): Promise<Page<Receipt>> {
  const values: unknown[] = [];
  const conditions: string[] = [];
  if (userId !== undefined) {
    if (!isUuid(userId)) return { items: [], nextCursor: undefined };
    conditions.push(`user_id = $${values.push(userId)}`);
  }
  if (status !== undefined) conditions.push(`completed_at IS ${status === 'open' ? 'NULL' : 'NOT NULL'}`);
  if (cursor !== undefined) conditions.push(`id < $${values.push(decodeCursor(cursor, isUuid))}`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await read.query<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM deprovisioning_receipts ${where} ORDER BY id DESC LIMIT $${values.push(limit + 1)}`,
    values,
  );
  const page = toPage(rows, limit, ({ id }) => id);
  return { ...page, items: await withTargets(read, page.items) };
}

async function withTargets(read: Reader, rows: readonly ReceiptRow[]): Promise<readonly Receipt[]> {
  const targets = await read.query<TargetRow>(
    `SELECT ${TARGET_COLUMNS} FROM deprovisioning_receipt_targets WHERE receipt_id = ANY($1::uuid[])
     ORDER BY receipt_id, position`,
    [rows.map(({ id }) => id)],
  );
  const byReceipt = new Map(rows.map(({ id }): [string, TargetRow[]] => [id, []]));
  for (const target of targets) byReceipt.get(target.receiptId)?.push(target);
  return rows.map((row) => ({ ...row, targets: byReceipt.get(row.id) ?? [] }));
}
