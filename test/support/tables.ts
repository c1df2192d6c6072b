import pg from 'pg';

/** One connection for one piece of work. */
export async function onDatabase<T>(url: string, work: (database: pg.Client) => Promise<T>): Promise<T> {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

export const queryOn = <Row extends Record<string, unknown>>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> => onDatabase(url, async (database) => (await database.query<Row>(sql, [...values])).rows);

async function tableNames(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    // Partitions are counted with the table they belong to: rows move between them.
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`,
  );
  return rows.map(({ name }) => name);
}

export function countTables(url: string): Promise<Record<string, number>> {
  return onDatabase(url, async (database) => {
    const counts: Record<string, number> = {};
    for (const name of await tableNames(database)) {
      const { rows } = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${name}`);
      counts[name] = rows[0]?.count ?? 0;
    }
    return counts;
  });
}

/** Every row of every table as text; binary columns as hexadecimal and as the text they may hold. */
export function dumpTables(url: string): Promise<Record<string, string>> {
  return onDatabase(url, async (database) => {
    const dump: Record<string, string> = {};
    for (const name of await tableNames(database)) {
      const { rows } = await database.query<{ line: string }>(`SELECT to_jsonb(t)::text AS line FROM ${name} t`);
      const text = rows.map(({ line }) => line).join('\n');
      const binary = [...text.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex]) =>
        Buffer.from(hex ?? '', 'hex').toString('latin1'),
      );
      dump[name] = [text, ...binary].join('\n');
    }
    return dump;
  });
}
