import {
  type DataSource,
  type EntityManager,
  type EntitySchema,
  type ObjectLiteral,
  QueryFailedError,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { type AdmitsEvent, type AuditEvent, auditRow, insertAuditRows } from './audit-rows.ts';
import type { Change, ChangeFeed } from './change-feed.ts';
import { enterOrganization, leaveRole, outOfReach, takeRole } from './organization-scope.ts';
import { insertOutboxRows, type OutboxMessage } from './outbox-rows.ts';
import { insertPersonalDetails } from './personal-details.ts';

/** What queries need: a signature with a `Reader` only reads, and may be answered by a replica. */
export type Reader = {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  table<Row extends ObjectLiteral>(schema: EntitySchema<Row>): Repository<Row>;
};

/** One database transaction with the audit events and outbox messages that belong to it (DESIGN §3). */
export type Tx = Reader & {
  readonly actor: Actor;
  /** The moment of this unit of work: every timestamp it writes is this one. */
  readonly now: Date;
  /**
   * Everything, where the actor acts for an organization and sees only that; otherwise the same. For what protects or follows:
   * judging power, ending access, rules over all people. Never for finding what the caller named.
   */
  readonly whole: Reader;
  /** Flushed last, in this transaction. */
  record(event: AuditEvent): void;
  enqueue(message: OutboxMessage): void;
  /** Tells the caches of every process, this one before the caller gets its answer, that something they hold has changed. */
  announce(change: Change): void;
};

export type Transact = <T>(actor: Actor, work: (tx: Tx) => Promise<T>) => Promise<T>;

export type UnitOfWorkParts = {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly changes: ChangeFeed;
  /** By default every event gets a row. */
  readonly admits?: AdmitsEvent;
  /** Each does, at the end of the same transaction, what follows from the changes it announced and recorded, whichever command made them. */
  readonly follow?: readonly ((tx: Tx, changes: readonly Change[], events: readonly AuditEvent[]) => Promise<void>)[];
  /** Tests: a transaction that wrote rows and recorded nothing fails. */
  readonly demandAudit?: boolean;
};

const RETRIES = 3;
/** serialization_failure, deadlock_detected */
const INSUFFICIENT_PRIVILEGE = '42501';
const RETRYABLE = new Set(['40001', '40P01']);

export function createReader(dataSource: DataSource): Reader {
  return readerOn(dataSource.manager);
}

/** Reads for somebody: for whoever acts for an organization, that one and those below it. */
export type ReadAs = (actor: Actor) => Reader;

export function createReadAs(dataSource: DataSource): ReadAs {
  const everything = createReader(dataSource);
  return ({ organizationId }) => (organizationId === undefined ? everything : readerFor(dataSource, organizationId));
}

function readerFor(dataSource: DataSource, organizationId: string): Reader {
  return {
    async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
      const runner = dataSource.createQueryRunner();
      try {
        await runner.startTransaction();
        await enterOrganization(runner, organizationId);
        const rows: Row[] = await runner.manager.query(sql, parameters === undefined ? undefined : [...parameters]);
        await runner.commitTransaction();
        return rows;
      } catch (error) {
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw sqlState(error) === INSUFFICIENT_PRIVILEGE ? outOfReach(error) : error;
      } finally {
        await runner.release();
      }
    },
    table() {
      throw new Error('reads for an organization are SQL: each is a transaction of its own');
    },
  };
}

export function createTransact(parts: UnitOfWorkParts): Transact {
  return (actor, work) => retrying(() => runOnce(parts, actor, work));
}

/** The same unit of work, seeing everything: see {@link Tx.whole}. */
export const onWhole = (tx: Tx): Tx => ({ ...tx, ...tx.whole });

/** Does once more what PostgreSQL undid because of what ran beside it. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= RETRIES || !isRetryable(error)) throw error;
    }
  }
}

async function runOnce<T>(parts: UnitOfWorkParts, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  const runner = parts.dataSource.createQueryRunner();
  const now = parts.clock.now();
  const events: AuditEvent[] = [];
  const messages: OutboxMessage[] = [];
  const changes: Change[] = [];
  const tx: Tx = {
    ...readerOn(runner.manager),
    actor,
    now,
    whole: actor.organizationId === undefined ? readerOn(runner.manager) : wholeReaderOn(runner),
    record: (event) => void events.push(event),
    enqueue: (message) => {
      // Wakes who delivers, here and in other processes, once a transaction.
      if (messages.push(message) === 1) changes.push({ topic: 'outbox', key: '*' });
    },
    announce: (change) => void changes.push(change),
  };
  try {
    await runner.connect();
    await runner.startTransaction();
    if (actor.organizationId !== undefined) await enterOrganization(runner, actor.organizationId);
    const result = await work(tx);
    if (actor.organizationId !== undefined) await leaveRole(runner);
    // What one of them announces is for the caches alone.
    const [announced, recorded] = [[...changes], [...events]];
    for (const follow of parts.follow ?? [])
      await follow({ ...tx, whole: readerOn(runner.manager) }, announced, recorded);
    if (parts.demandAudit && events.length === 0) await assertNothingWritten(runner);
    const admitted = events.filter((event) => parts.admits?.(event, actor, now) ?? true);
    await flush(runner, { actor, now, events: admitted, messages, changes });
    await runner.commitTransaction();
    for (const change of changes) parts.changes.applyLocally(change);
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw actor.organizationId !== undefined && sqlState(error) === INSUFFICIENT_PRIVILEGE ? outOfReach(error) : error;
  } finally {
    await runner.release();
  }
}

type Pending = {
  readonly actor: Actor;
  readonly now: Date;
  readonly events: readonly AuditEvent[];
  readonly messages: readonly OutboxMessage[];
  readonly changes: readonly Change[];
};

async function flush(runner: QueryRunner, { actor, now, events, messages, changes }: Pending): Promise<void> {
  const run = (sql: string, parameters: unknown[]) => runner.query(sql, parameters);
  const rows = events.map((event) => auditRow(event, actor, now));
  if (rows.length > 0) await insertAuditRows(run, rows);
  const personal = rows.flatMap((row) => (row.personal === undefined ? [] : [{ id: row.id, personal: row.personal }]));
  if (personal.length > 0) await insertPersonalDetails(run, personal);
  if (messages.length > 0)
    await insertOutboxRows(
      run,
      messages.map((message) => ({ ...message, id: message.id ?? newId(), createdAt: now })),
    );
  if (changes.length > 0) {
    await runner.query(`SELECT pg_notify('doorward_changes', change) FROM unnest($1::text[]) AS change`, [
      changes.map((change) => JSON.stringify(change)),
    ]);
  }
}

/** PostgreSQL gives a transaction an id only when it writes (or locks a row for writing). */
async function assertNothingWritten(runner: QueryRunner): Promise<void> {
  const rows: { wrote: boolean }[] = await runner.query('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote');
  if (rows[0]?.wrote) throw new Error('this transaction changed rows and recorded no audit event');
}

function readerOn(manager: EntityManager): Reader {
  return {
    query: (sql, parameters) => manager.query(sql, parameters === undefined ? undefined : [...parameters]),
    table: (schema) => manager.getRepository(schema),
  };
}

/** A statement that fails ends the transaction, or goes back to a savepoint and to the role it had there. */
function wholeReaderOn(runner: QueryRunner): Reader {
  return {
    async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
      await leaveRole(runner);
      const rows: Row[] = await runner.manager.query(sql, parameters === undefined ? undefined : [...parameters]);
      await takeRole(runner);
      return rows;
    },
    table() {
      throw new Error('what reaches beyond an organization is SQL');
    },
  };
}

/** The `code` PostgreSQL gave (SQLSTATE), through TypeORM's wrapping. */
export function sqlState(error: unknown): string | undefined {
  const source = error instanceof QueryFailedError ? error.driverError : error;
  return source instanceof Error && 'code' in source && typeof source.code === 'string' ? source.code : undefined;
}

/** The name of the constraint that refused a write. */
export function violatedConstraint(error: unknown): string | undefined {
  const source = error instanceof QueryFailedError ? error.driverError : error;
  return source instanceof Error && 'constraint' in source && typeof source.constraint === 'string'
    ? source.constraint
    : undefined;
}

/** `insert(…).catch(onConstraint('roles_name_key', roleNameTaken))`: the database decides races, the room words the answer. */
export function onConstraint(name: string, answer: () => Error): (error: unknown) => never {
  return (error) => {
    if (violatedConstraint(error) === name) throw answer();
    throw error;
  };
}

const isRetryable = (error: unknown): boolean => RETRYABLE.has(sqlState(error) ?? '');
