// What needs no provider and no HTTP, composed: shared by the start-up steps and by all doors.

import type { OperatorFiles } from './compose-files.ts';
import type { Configuration } from './config/configuration.ts';
import { endLostTokens } from './domain/access/end-lost-tokens.ts';
import { createAnonymousRefusals } from './domain/audit/anonymous-refusals.ts';
import { createThrottle } from './domain/authentication/throttle.ts';
import { createHashingQueue } from './domain/credentials/hashing-queue.ts';
import { createPasswordHashing } from './domain/credentials/password-hash.ts';
import { createKeyRing } from './domain/keys/key-ring.ts';
import { followProvisioning } from './domain/provisioning/enqueue-provisioning.ts';
import { followScimEvents } from './domain/signals/scim-events.ts';
import { systemClock } from './kernel/clock.ts';
import type { Logger } from './kernel/logger.ts';
import { openKeyEncryptionKey } from './kernel/open-key-encryption-key.ts';
import { createTelemetry } from './kernel/telemetry.ts';
import { createChangeFeed } from './persistence/change-feed.ts';
import { poolOf } from './persistence/data-source.ts';
import type { OpenDatabase } from './persistence/open-database.ts';
import { createReadAs, createReader, createTransact } from './persistence/unit-of-work.ts';

export type OnError = (error: unknown, source: string) => void;

export type ComposeParts = {
  readonly configuration: Configuration;
  readonly database: OpenDatabase;
  readonly logger: Logger;
  readonly onError: OnError;
} & OperatorFiles;

export type Foundation = Awaited<ReturnType<typeof composeFoundation>>;

export async function composeFoundation({
  configuration,
  database,
  logger,
  onError,
}: Omit<ComposeParts, keyof OperatorFiles>) {
  const { dataSource, connection } = database;
  const clock = systemClock;
  const pool = poolOf(dataSource);
  const changes = createChangeFeed(connection, (error) => onError(error, 'change feed'));
  const read = createReader(dataSource);
  const readAs = createReadAs(dataSource);
  const telemetry = createTelemetry();
  const refusals = createAnonymousRefusals({
    onCounted({ type, reason }, { requestId }) {
      telemetry.refusalsCounted.inc({ type });
      logger.info({ requestId, type, reason }, 'refused, and in the audit log as a number only');
    },
  });
  const transact = createTransact({
    dataSource,
    clock,
    changes,
    admits: refusals.admits,
    follow: [endLostTokens, followProvisioning, followScimEvents],
  });
  const kek = await openKeyEncryptionKey(configuration);
  await changes.start();
  const keyRing = await createKeyRing({
    read,
    transact,
    kek,
    changes,
    onError: (error) => onError(error, 'key ring'),
  }).catch(async (error: unknown) => {
    await changes.stop();
    throw error;
  });
  const throttle = createThrottle({ pool, key: keyRing.derive('throttle'), clock });
  const queue = createHashingQueue(
    configuration.hashingConcurrency === undefined ? {} : { concurrency: configuration.hashingConcurrency },
  );
  const hashing = createPasswordHashing({ cost: configuration.bcryptCost, run: queue.run });
  const stop = async () => {
    await keyRing.stop();
    await changes.stop();
  };
  return {
    dataSource,
    clock,
    pool,
    changes,
    read,
    readAs,
    transact,
    kek,
    keyRing,
    queue,
    hashing,
    throttle,
    telemetry,
    refusals,
    stop,
  };
}
