import type { DataSource, EntitySchema } from 'typeorm';
import { StartRefused } from '../kernel/start-refused.ts';
import { createDataSource, type DatabaseConnection, poolOf } from './data-source.ts';
import { openEmbeddedPostgres } from './embedded-postgres.ts';

export type OpenDatabase = {
  readonly dataSource: DataSource;
  readonly connection: DatabaseConnection;
  /** Where the embedded database's files are; absent when the operator brought the database. */
  readonly location: string | undefined;
  close(): Promise<void>;
};

export type OpenDatabaseOptions = {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly poolSize: number;
  readonly entities: readonly EntitySchema<never>[];
  /** Shown to whoever finds the data directory in use: the issuer, or a command. */
  readonly purpose: string;
  /** Command-line tools work beside a running server; a server never shares its data directory. */
  readonly share: boolean;
  readonly report: (progress: string) => void;
  readonly onConnectionError: (error: Error) => void;
};

/** The operator's PostgreSQL, or the embedded one. Throws {@link StartRefused} with one sentence when it cannot be reached. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined) {
    const connection = { url: options.databaseUrl };
    const dataSource = await connect(connection, options, refusedByServer);
    return { dataSource, connection, location: undefined, close: () => closeConnections(dataSource) };
  }
  const { dataDir, purpose, share, report } = options;
  const embedded = await openEmbeddedPostgres({ dataDir, purpose, share, report });
  try {
    const dataSource = await connect(embedded.connection, options, (error) => error);
    const close = async () => {
      await closeConnections(dataSource);
      await embedded.stop();
    };
    return { dataSource, connection: embedded.connection, location: embedded.location, close };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

async function connect(
  connection: DatabaseConnection,
  { poolSize, entities, onConnectionError }: OpenDatabaseOptions,
  word: (error: unknown) => unknown,
): Promise<DataSource> {
  const dataSource = createDataSource({ connection, poolSize, entities, onConnectionError });
  try {
    return await dataSource.initialize();
  } catch (error) {
    throw word(error);
  }
}

const CLOSED_WITHIN_MS = 1000;

/** The pool says that it ended before its connections did: a server that is stopped next would report each of them as cut off. */
async function closeConnections(dataSource: DataSource): Promise<void> {
  const pool = poolOf(dataSource);
  let left = pool.totalCount;
  let closed = (): void => undefined;
  pool.on('remove', () => {
    left -= 1;
    if (left <= 0) closed();
  });
  await dataSource.destroy();
  if (left <= 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CLOSED_WITHIN_MS);
    closed = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** The URL is never repeated: it holds the password. */
function refusedByServer(error: unknown): StartRefused {
  const reason =
    error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error);
  return new StartRefused(`The database named by DOORWARD_DATABASE_URL cannot be used: ${reason}.`, { cause: error });
}
