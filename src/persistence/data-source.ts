import type pg from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { migrations } from './migrations.ts';

export type DatabaseConnection =
  | { readonly url: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

export type DataSourceOptions = {
  readonly connection: DatabaseConnection;
  readonly poolSize: number;
  readonly entities: readonly EntitySchema[];
  /** Called for errors of idle connections, which pg reports outside any query. */
  readonly onConnectionError: (error: Error) => void;
};

/**
 * Every statement finds its rows by key: one plan serves all values, and planning anew costs more than running. Such a plan
 * may be made while a table is still empty, where reading all of it looks cheap; so indexes are used wherever there are any.
 */
const PLANNER_OPTIONS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  // Starting them takes longer than what they save of a scan of 200,000 entries.
  'max_parallel_workers_per_gather=0',
  // Until PostgreSQL 18 what is switched off above counts as endless cost, and a plan of that cost is compiled for longer than it runs.
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** The one connection pool of the process. The caller initializes and destroys it. */
export function createDataSource({ connection, poolSize, entities, onConnectionError }: DataSourceOptions): DataSource {
  const address = 'url' in connection ? { url: connection.url } : { ...connection, username: connection.user };
  return new DataSource({
    type: 'postgres',
    ...address,
    applicationName: 'doorward',
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'all',
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    logging: false,
    poolSize,
    poolErrorHandler: onConnectionError,
    extra: {
      // One statement may not hold a connection for ever; migrations lift this for themselves.
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      options: PLANNER_OPTIONS,
    },
  });
}

/** The pg pool under TypeORM: for named statements on hot paths, so that there is no second pool (DESIGN §4). */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}
