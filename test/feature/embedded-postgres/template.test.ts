import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

let databases: TestDatabase[] = [];

beforeAll(async () => {
  databases = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase()]);
});

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
});

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

it('test databases: copies made at the same time are migrated and apart from each other', async () => {
  const [first, second] = databases;
  await query(first?.url ?? '', 'CREATE TABLE only_here (id int)');

  const seen = await query(
    second?.url ?? '',
    `SELECT to_regclass('only_here') AS other, count(*) AS migrations FROM schema_migrations`,
  );

  expect(seen.rows[0].other).toBeNull();
  expect(Number(seen.rows[0].migrations)).toBeGreaterThan(0);
});
