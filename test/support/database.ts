import { randomBytes } from 'node:crypto';
import pg from 'pg';

export type TestDatabase = {
  readonly url: string;
  readonly name: string;
  /** Cuts remaining connections of ours, so call it after the pools are closed. */
  drop(): Promise<void>;
};

const templateLock = 0x7e57_0001;

/** A migrated, empty database of one test file's own. */
export async function freshDatabase(): Promise<TestDatabase> {
  const template = process.env.TEST_DATABASE_TEMPLATE ?? 'doorward_template';
  const name = `doorward_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(async (client) => {
    // PostgreSQL refuses to copy a template that another copy has open.
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const drop = () =>
    onServer(async (client) => {
      // WITH (FORCE) would be refused while the server's own autovacuum is at work here; without it, PostgreSQL sends that away.
      await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user',
        [name],
      );
      await client.query(`DROP DATABASE IF EXISTS ${name}`);
    });
  return { url: url.href, name, drop };
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_SERVER;
  if (url === undefined) throw new Error('No test database server: run the tests through jest and its global set-up.');
  return url;
}

async function onServer(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
