import pg from 'pg';
import { StartRefused } from '../kernel/start-refused.ts';
import { advisoryLocks } from './advisory-lock.ts';
import { isAlive } from './embedded-postgres-home.ts';

/** How to reach the embedded server: pg's and TypeORM's words, with a folder as host for the unix socket. */
export type EmbeddedConnection = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

export type Hold = { release(): Promise<void> };

const retryMilliseconds = 50;
const deadHolderMilliseconds = 5_000;
const reconnectMilliseconds = 1_000;

/**
 * Takes the lock that says "this process runs Doorward on this data directory" on a connection of its own; a `kill -9`
 * closes the connection and so frees it. Whoever holds it owns the postmaster and is the only one to stop it.
 * Throws {@link StartRefused} when a living process holds it. `purpose` is shown to others: the issuer, or a command.
 */
export async function holdDataDirectory(
  connection: EmbeddedConnection & { readonly dataDir: string },
  purpose: string,
): Promise<Hold> {
  const deadline = Date.now() + deadHolderMilliseconds;
  for (;;) {
    const client = await tryHold(connection, purpose);
    if (client !== undefined) return keepHolding(client, connection, purpose);
    const holder = await findHolder(connection);
    // A killed holder's connection takes a moment to be noticed.
    const isLeaving = holder === undefined || !isAlive(holder.pid);
    if (!isLeaving || Date.now() > deadline) throw alreadyRunning(connection.dataDir, holder);
    await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
  }
}

function alreadyRunning(dataDir: string, holder: Holder | undefined): StartRefused {
  const who = holder === undefined ? '' : ` (pid ${holder.pid}, ${holder.purpose})`;
  return new StartRefused(
    `Doorward is already running on ${dataDir}${who}: stop it first, or set DOORWARD_DATA_DIR to another directory.`,
  );
}

async function tryHold(connection: EmbeddedConnection, purpose: string): Promise<pg.Client | undefined> {
  const client = newClient(connection, `doorward:${process.pid}:${purpose}`);
  try {
    await client.connect();
    // Whatever limits the role has: this session waits for the whole life of the process.
    await client.query('SET idle_session_timeout = 0');
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      advisoryLocks.dataDirectory,
    ]);
    if (rows[0]?.taken) return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  await client.end();
  return undefined;
}

// A client whose connection breaks emits an error; unheard, that would end the process.
function newClient({ host, port, user, password, database }: EmbeddedConnection, name: string): pg.Client {
  // PostgreSQL keeps 63 bytes of a name and prints ASCII only.
  const shown = name.replace(/[^\x20-\x7e]/g, '?').slice(0, 63);
  const client = new pg.Client({ host, port, user, password, database, application_name: shown });
  client.on('error', () => {});
  return client;
}

// A crash of one backend makes PostgreSQL drop all sessions and recover: the hold is taken again then.
function keepHolding(first: pg.Client, connection: EmbeddedConnection, purpose: string): Hold {
  let current: pg.Client | undefined = first;
  let isReleased = false;
  const lost = () => {
    current = undefined;
    if (!isReleased) setTimeout(again, reconnectMilliseconds).unref();
  };
  const again = async () => {
    if (isReleased) return;
    const client = await tryHold(connection, purpose).catch(() => undefined);
    if (client === undefined) return lost();
    if (isReleased) return client.end();
    current = watch(client);
  };
  const watch = (client: pg.Client) => {
    client.once('end', lost);
    // The hold alone keeps no process alive; pg's types leave the method out.
    if ('unref' in client && typeof client.unref === 'function') client.unref();
    return client;
  };
  watch(first);
  return {
    release: async () => {
      isReleased = true;
      await current?.end().catch(() => {});
    },
  };
}

type Holder = { readonly pid: number; readonly purpose: string };

async function findHolder(connection: EmbeddedConnection): Promise<Holder | undefined> {
  const client = newClient(connection, 'doorward');
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objsubid = 1 AND l.objid = $1::bigint::oid
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [advisoryLocks.dataDirectory],
    );
    const told = /^doorward:(\d+):(.*)$/.exec(rows[0]?.name ?? '');
    return told?.[1] === undefined ? undefined : { pid: Number(told[1]), purpose: told[2] ?? '' };
  } finally {
    await client.end().catch(() => {});
  }
}
