import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Configuration } from '../config/configuration.ts';
import { endLostTokens } from '../domain/access/end-lost-tokens.ts';
import { type ClientSecretKeeper, createClientSecretKeeper } from '../domain/clients/client-secret-keeper.ts';
import { createPasswordHashing, type PasswordHashing } from '../domain/credentials/password-hash.ts';
import { createKeyRing, type KeyRing } from '../domain/keys/key-ring.ts';
import { prepareInstallation } from '../domain/lifecycle/prepare-installation.ts';
import { followProvisioning } from '../domain/provisioning/enqueue-provisioning.ts';
import { followScimEvents } from '../domain/signals/scim-events.ts';
import { tables } from '../domain/tables.ts';
import { operatorActor } from '../kernel/actor.ts';
import { systemClock } from '../kernel/clock.ts';
import { openKeyEncryptionKey } from '../kernel/open-key-encryption-key.ts';
import { createChangeFeed } from '../persistence/change-feed.ts';
import { poolOf } from '../persistence/data-source.ts';
import { migrate, schemaState } from '../persistence/migrate.ts';
import { openDatabase } from '../persistence/open-database.ts';
import { createReader, createTransact, type Reader, type Transact, type Tx } from '../persistence/unit-of-work.ts';
import { CommandFailed } from './command.ts';

/** What commands work on: the database, beside a running server or alone. */
export type Installation = {
  readonly configuration: Configuration;
  readonly dataSource: DataSource;
  readonly pool: pg.Pool;
  readonly read: Reader;
  readonly transact: Transact;
  readonly hashing: PasswordHashing;
  /** Opened at the first use: most commands need no key. */
  keys(): Promise<OpenKeys>;
};

export type OpenKeys = {
  readonly kek: Awaited<ReturnType<typeof openKeyEncryptionKey>>;
  readonly ring: KeyRing;
  readonly keeper: ClientSecretKeeper;
};

export type InstallationOptions = {
  readonly configuration: Configuration;
  /** The command, as others who find the data directory in use are shown it. */
  readonly command: string;
  /** `migrate`: bring the schema up to date; `check`: refuse when it is not; `any`: the command looks itself. */
  readonly schema: 'migrate' | 'check' | 'any';
  /** False: nobody else may have the data directory open. */
  readonly share?: boolean;
  readonly report: (line: string) => void;
};

/** Opens, runs `work` and closes, whatever comes. Throws what the launcher throws, each with one sentence. */
export async function withInstallation<T>(
  options: InstallationOptions,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const { configuration, command, report } = options;
  const database = await openDatabase({
    databaseUrl: configuration.databaseUrl,
    dataDir: configuration.dataDir,
    poolSize: Math.min(4, configuration.databasePoolSize),
    entities: tables,
    purpose: `doorward ${command}`,
    share: options.share ?? true,
    report,
    onConnectionError: () => undefined,
  });
  const { dataSource, connection } = database;
  // Never started: a command keeps no caches. Servers hear of its changes through the database.
  const changes = createChangeFeed(connection, () => undefined);
  const read = createReader(dataSource);
  const transact = createTransact({
    dataSource,
    clock: systemClock,
    changes,
    follow: [endLostTokens, followProvisioning, followScimEvents],
  });
  let keys: Promise<OpenKeys> | undefined;
  const openKeys = async (): Promise<OpenKeys> => {
    const kek = await openKeyEncryptionKey(configuration);
    const ring = await createKeyRing({ read, transact, kek, changes, onError: () => undefined });
    return { kek, ring, keeper: createClientSecretKeeper(ring) };
  };
  try {
    await readySchema(options, dataSource, transact);
    return await work({
      configuration,
      dataSource,
      pool: poolOf(dataSource),
      read,
      transact,
      hashing: createPasswordHashing({ cost: configuration.bcryptCost }),
      keys: () => {
        keys ??= openKeys();
        return keys;
      },
    });
  } finally {
    await keys?.then(({ ring }) => ring.stop()).catch(() => undefined);
    await database.close();
  }
}

async function readySchema(
  { schema, configuration, command, report }: InstallationOptions,
  dataSource: DataSource,
  transact: Transact,
): Promise<void> {
  if (schema === 'any') return;
  if (schema === 'migrate') {
    await migrate(dataSource, report);
    await transact(operatorActor(command), (tx: Tx) => prepareInstallation(tx, configuration));
    return;
  }
  const { pending, unknown } = await schemaState(dataSource);
  if (unknown.length > 0)
    throw new CommandFailed(
      `The database was migrated by a newer Doorward (it has ${unknown.join(', ')}); use the command line of that version.`,
    );
  if (pending.length > 0) throw new CommandFailed('The database is not up to date: run doorward migrate first.');
}
