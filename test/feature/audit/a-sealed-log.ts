import { type SealParts, sealAudit } from '../../../src/domain/audit/seal-audit.ts';
import { type AuditVerdict, verifyAudit } from '../../../src/domain/audit/verify-audit.ts';
import { findVerificationKeys } from '../../../src/domain/keys/find-verification-keys.ts';
import type { KeyRing } from '../../../src/domain/keys/key-ring.ts';
import { generateKeyEncryptionKey, type KeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { poolOf } from '../../../src/persistence/data-source.ts';
import { freshDatabase } from '../../support/database.ts';
import { aProcess, operator, type ServerProcess } from '../keys/a-process.ts';

export type SealedLog = {
  readonly url: string;
  readonly server: ServerProcess;
  readonly ring: KeyRing;
  readonly key: KeyEncryptionKey;
  readonly sealing: SealParts;
  record(count: number): Promise<void>;
  seal(): Promise<number>;
  verify(): Promise<AuditVerdict>;
  /** With the triggers off: what someone who owns the tables can do. */
  tamper(sql: string, parameters?: readonly unknown[]): Promise<void>;
  /** Puts the log back as it was first sealed. */
  restore(): Promise<void>;
  end(): Promise<void>;
};

/** A log of its own database; `eventsInEachBatch` events are recorded and sealed a few times over. */
export async function aSealedLog({ batches = 3, eventsInEachBatch = 4 } = {}): Promise<SealedLog> {
  const database = await freshDatabase();
  const server = await aProcess(database.url);
  const key = generateKeyEncryptionKey();
  const ring = await server.ring(key);
  const pool = poolOf(server.dataSource);
  const sealing = { pool, now: () => server.clock.now(), signingKey: () => ring.active('ES256') };
  const log: SealedLog = {
    url: database.url,
    server,
    ring,
    key,
    sealing,
    async record(count) {
      server.clock.advanceSeconds(1);
      await server.transact(
        {
          ...operator,
          requestId: 'request',
          ipAddress: '192.0.2.1',
          userAgent: 'a "quoted" ägent\u0001',
          clientId: 'web',
        },
        async (tx) => {
          for (let index = 0; index < count; index += 1) {
            const details = { changed: { name: { from: `n${index}`, to: null, size: 1.1e21 } } };
            tx.record({ type: 'keys.rotated', reason: 'r', target: { type: 'key', id: `k${index}` }, details });
          }
        },
      );
    },
    seal: () => sealAudit(sealing),
    verify: async () => verifyAudit(server.read, await findVerificationKeys(server.read, key)),
    async tamper(sql, parameters = []) {
      const connection = await pool.connect();
      try {
        await connection.query('BEGIN');
        await connection.query(eachTable('DISABLE'));
        // Several statements in one text go without parameters only.
        await (parameters.length === 0 ? connection.query(sql) : connection.query(sql, [...parameters]));
        await connection.query(eachTable('ENABLE'));
        await connection.query('COMMIT');
      } finally {
        connection.release();
      }
    },
    restore: () =>
      log.tamper(
        `DELETE FROM audit_events; DELETE FROM audit_checkpoints;
         INSERT INTO audit_events SELECT * FROM first_events; INSERT INTO audit_checkpoints SELECT * FROM first_checkpoints`,
      ),
    async end() {
      await server.end();
      await database.drop();
    },
  };
  await log.seal();
  for (let batch = 0; batch < batches; batch += 1) {
    await log.record(eventsInEachBatch);
    await log.seal();
  }
  await log.tamper(
    'CREATE TABLE first_events AS TABLE audit_events; CREATE TABLE first_checkpoints AS TABLE audit_checkpoints',
  );
  return log;
}

const eachTable = (change: 'DISABLE' | 'ENABLE'): string =>
  ['audit_events', 'audit_checkpoints'].map((table) => `ALTER TABLE ${table} ${change} TRIGGER USER`).join(';');
