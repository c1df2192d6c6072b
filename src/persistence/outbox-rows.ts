/** An effect outside the database, to be carried out after commit, at least once, idempotent by `id`. */
export type OutboxMessage = {
  readonly id?: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Not before this moment. */
  readonly availableAt?: Date;
};

type OutboxRow = OutboxMessage & { readonly id: string; readonly createdAt: Date };

export async function insertOutboxRows(
  run: (sql: string, parameters: unknown[]) => Promise<unknown>,
  rows: readonly OutboxRow[],
): Promise<void> {
  await run(
    `INSERT INTO outbox_messages (id, type, payload, created_at, available_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[])`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.type),
      rows.map((row) => JSON.stringify(row.payload)),
      rows.map((row) => row.createdAt),
      rows.map((row) => row.availableAt ?? row.createdAt),
    ],
  );
}
