/** An effect outside the database, to be carried out after commit, at least once, idempotent by `id`. */
export type OutboxMessage = {
  readonly id?: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Whom it goes to (`client:web`): a slow target delays only its own messages. The type when left out. */
  readonly target?: string;
  /** Not before this moment. */
  readonly availableAt?: Date;
};

type OutboxRow = OutboxMessage & { readonly id: string; readonly createdAt: Date };

export async function insertOutboxRows(
  run: (sql: string, parameters: unknown[]) => Promise<unknown>,
  rows: readonly OutboxRow[],
): Promise<void> {
  await run(
    `INSERT INTO outbox_messages (id, type, target, payload, created_at, available_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[])`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.type),
      rows.map((row) => row.target ?? row.type),
      rows.map((row) => JSON.stringify(row.payload)),
      rows.map((row) => row.createdAt),
      rows.map((row) => row.availableAt ?? row.createdAt),
    ],
  );
}
