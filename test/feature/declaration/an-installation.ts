import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClientSecretKeeper } from '../../../src/domain/clients/client-secret-keeper.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import {
  type AppliedSummary,
  type ApplyOptions,
  applyDeclarationFile,
} from '../../../src/domain/declaration/apply-declaration-file.ts';
import { exportDeclaration } from '../../../src/domain/declaration/export-declaration.ts';
import { createKeyRing } from '../../../src/domain/keys/key-ring.ts';
import { prepareInstallation } from '../../../src/domain/lifecycle/prepare-installation.ts';
import { tables } from '../../../src/domain/tables.ts';
import { operatorActor } from '../../../src/kernel/actor.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { generateKeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { createChangeFeed } from '../../../src/persistence/change-feed.ts';
import { createDataSource, poolOf } from '../../../src/persistence/data-source.ts';
import { createReader, createTransact, type Reader, type Transact } from '../../../src/persistence/unit-of-work.ts';
import { freshDatabase } from '../../support/database.ts';

/** A database of its own with what every installation has, and a folder for files. */
export type Installation = {
  readonly read: Reader;
  readonly transact: Transact;
  /** Passwords that were hashed since the beginning. */
  readonly hashed: readonly string[];
  apply(text: string, options?: ApplyOptions): Promise<AppliedSummary>;
  export(options?: Parameters<typeof exportDeclaration>[1]): Promise<string>;
  write(name: string, content: string | Uint8Array): Promise<string>;
  count(table: string): Promise<number>;
  /** The stored form of a client secret. */
  hashOf(secret: string): string;
  end(): Promise<void>;
};

export const administrator = operatorActor('somebody else');

export async function anInstallation(): Promise<Installation> {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'doorward-declaration-'));
  const dataSource = createDataSource({
    connection: { url: database.url },
    poolSize: 6,
    entities: tables,
    onConnectionError: () => {},
  });
  await dataSource.initialize();
  const changes = createChangeFeed({ url: database.url }, () => {});
  const read = createReader(dataSource);
  const transact = createTransact({ dataSource, clock: systemClock, changes, demandAudit: true });
  const kek = { key: generateKeyEncryptionKey(), source: 'the test' };
  const ring = await createKeyRing({ read, transact, kek, changes, onError: () => {} });
  await transact(operatorActor('start'), (tx) => prepareInstallation(tx, { issuer: 'http://localhost:3000' }));
  const hashing = createPasswordHashing({ cost: 4 });
  const hashed: string[] = [];
  const hashPassword = (password: string) => {
    hashed.push(password);
    return hashing.hashPassword(password);
  };
  const parts = { pool: poolOf(dataSource), read, transact, hashPassword, keeper: createClientSecretKeeper(ring) };
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  return {
    read,
    transact,
    hashed,
    write,
    hashOf: (secret) => parts.keeper.hash(secret),
    apply: async (text, options) => applyDeclarationFile(parts, await write('declared.yaml', text), options),
    export: (options) => exportDeclaration(read, options),
    async count(table) {
      const [row] = await read.query<{ rows: string }>(`SELECT count(*) AS rows FROM ${table}`);
      return Number(row?.rows);
    },
    async end() {
      await ring.stop();
      await dataSource.destroy();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
