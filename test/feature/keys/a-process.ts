import type { DataSource } from 'typeorm';
import { createKeyRing, type KeyRing } from '../../../src/domain/keys/key-ring.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { KeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { type ChangeFeed, createChangeFeed } from '../../../src/persistence/change-feed.ts';
import { createDataSource } from '../../../src/persistence/data-source.ts';
import { createReader, createTransact, type Reader, type Transact } from '../../../src/persistence/unit-of-work.ts';

/** What one server process has to itself: a pool, a change feed, a clock that the test moves. */
export type ServerProcess = {
  readonly dataSource: DataSource;
  readonly read: Reader;
  readonly transact: Transact;
  readonly changes: ChangeFeed;
  readonly clock: Clock & { advanceSeconds(seconds: number): void };
  ring(key: KeyEncryptionKey): Promise<KeyRing>;
  end(): Promise<void>;
};

export const operator: Actor = { type: 'operator', id: 'test' };

export async function aProcess(url: string): Promise<ServerProcess> {
  const dataSource = createDataSource({ connection: { url }, poolSize: 5, entities: [], onConnectionError: () => {} });
  await dataSource.initialize();
  const changes = createChangeFeed({ url }, () => {});
  await changes.start();
  let now = Date.parse('2026-03-01T12:00:00.123Z');
  const advanceSeconds = (seconds: number) => {
    now += seconds * 1000;
  };
  const clock = { now: () => new Date(now), advanceSeconds };
  const read = createReader(dataSource);
  const transact = createTransact({ dataSource, clock, changes, demandAudit: true });
  const rings: KeyRing[] = [];
  const onError = (error: unknown) => {
    throw error;
  };
  return {
    dataSource,
    read,
    transact,
    changes,
    clock,
    async ring(key) {
      const ring = await createKeyRing({ read, transact, changes, kek: { key, source: 'the test' }, onError });
      rings.push(ring);
      return ring;
    },
    async end() {
      await Promise.all(rings.map((ring) => ring.stop()));
      await changes.stop();
      await dataSource.destroy();
    },
  };
}

/** Resolves when the listener has been called once more. */
export const nextChange = (ring: KeyRing): Promise<void> =>
  new Promise((resolve) => {
    const stop = ring.onChange(() => {
      stop();
      resolve();
    });
  });
