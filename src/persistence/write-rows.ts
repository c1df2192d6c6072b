import type { EntitySchema, ObjectLiteral } from 'typeorm';
import type { Tx } from './unit-of-work.ts';

/*
 * Many rows in one statement and one parameter, whatever their number: a VALUES list would need a parameter for every column of
 * every row, of which PostgreSQL takes 65,535. Every row has every column of the table's schema.
 */

export async function insertRows<Row extends ObjectLiteral>(
  tx: Tx,
  schema: EntitySchema<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns, json } = prepared(tx, schema, rows);
  const names = columns.join(', ');
  await tx.query(
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [json],
  );
}

/** Writes the given columns of rows whose `id` exists. Answers how many there were. */
export async function updateRows<Row extends ObjectLiteral & { id: string }>(
  tx: Tx,
  schema: EntitySchema<Row>,
  rows: readonly (Partial<Row> & { readonly id: string })[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const { table, columns, json } = prepared(tx, schema, rows);
  const written = columns.filter((name) => name !== 'id').map((name) => `${name} = given.${name}`);
  const changed = await tx.query(
    `WITH changed AS (
       UPDATE ${table} SET ${written.join(', ')} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb) AS given
       WHERE ${table}.id = given.id RETURNING ${table}.id)
     SELECT id FROM changed`,
    [json],
  );
  return changed.length;
}

function prepared<Row extends ObjectLiteral>(tx: Tx, schema: EntitySchema<Row>, rows: readonly Partial<Row>[]) {
  const { tableName, columns } = tx.table(schema).metadata;
  const given = columns.filter(({ propertyName }) => Object.hasOwn(rows[0] ?? {}, propertyName));
  const named = rows.map((row) =>
    Object.fromEntries(given.map(({ propertyName, databaseName }) => [databaseName, row[propertyName]])),
  );
  return { table: tableName, columns: given.map(({ databaseName }) => databaseName), json: JSON.stringify(named) };
}
