// One PostgreSQL per run, with one migrated template database from which tests copy theirs (database.ts).
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { createDataSource } from '../../src/persistence/data-source.ts';
import { connectionUrl, startEmbeddedPostgres } from '../../src/persistence/embedded-postgres.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { makePostgresFolder, sweepPostgresFolders } from './postgres-folder.ts';
import { onTeardown } from './teardown.ts';

// Tests lose nothing that matters when the machine stops, so they need not wait for the disk.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
};

export default async function globalSetup(): Promise<void> {
  const given = process.env.DOORWARD_TEST_DATABASE_URL;
  // Servers that tests start must not see a variable they do not know.
  delete process.env.DOORWARD_TEST_DATABASE_URL;
  const server = given ?? (await startServer());
  const template = given === undefined ? 'doorward_template' : `doorward_template_${randomBytes(4).toString('hex')}`;
  process.env.TEST_DATABASE_SERVER = server;
  process.env.TEST_DATABASE_TEMPLATE = template;
  await makeTemplate(server, template);
  if (given !== undefined) onTeardown(() => dropTemplate(server, template));
}

async function startServer(): Promise<string> {
  await sweepPostgresFolders();
  const dataDir = await makePostgresFolder();
  const postgres = await startEmbeddedPostgres({ dataDir, report: () => {}, settings });
  onTeardown(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return connectionUrl(postgres.connection);
}

async function makeTemplate(server: string, template: string): Promise<void> {
  await onServer(server, (client) => client.query(`CREATE DATABASE ${template}`));
  const url = new URL(server);
  url.pathname = `/${template}`;
  const dataSource = createDataSource({
    connection: { url: url.href },
    poolSize: 2,
    entities: [],
    onConnectionError: () => {},
  });
  await dataSource.initialize();
  try {
    await migrate(dataSource, () => {});
  } finally {
    await dataSource.destroy();
  }
  // A template with somebody in it cannot be copied.
  await onServer(server, (client) => client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`));
}

async function dropTemplate(server: string, template: string): Promise<void> {
  await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${template}`));
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
