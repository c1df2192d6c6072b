import type pg from 'pg';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { type AuditRow, auditColumns } from '../../persistence/audit-rows.ts';
import { Batch } from './batch.ts';
import {
  type FoundRecord,
  type RecordName,
  type RecordPayload,
  type RecordUpsert,
  recordId,
  userCodeHash,
} from './provider-record.ts';
import { byKey, distinctRows, keyOf, type RecordKeys } from './record-columns.ts';
import { parsePayload, restoredByUserCode, restoredPayload } from './record-payload.ts';
import * as statements from './record-statements.ts';

export type RecordStore = {
  find(model: string, id: string): Promise<FoundRecord | undefined>;
  /** What is kept under this id, by model: a token tells by itself neither its kind nor its owner. */
  findAny(id: string): Promise<ReadonlyMap<string, FoundRecord>>;
  /** A session with the grant it has for one client, as far as it has one. */
  findSessionFor(wanted: SessionFor): Promise<FoundRecord | undefined>;
  /** A session by its uid, which is no secret: without its id. */
  findByUid(uid: string): Promise<RecordPayload | undefined>;
  findByUserCode(userCode: string): Promise<FoundRecord | undefined>;
  /** True for exactly one of any number of calls. `successor` is kept with a refresh token. */
  consume(model: string, id: string, successor?: Buffer): Promise<boolean>;
  /** Sessions are ended by mark and kept until they would have expired; anything else is deleted. */
  destroy(model: string, id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
  /** The records of a request and its audit rows, in one statement. */
  withAudit(write: RecordWrite): Promise<void>;
  /** True when there was such a record and it now says this; one that is gone stays gone. */
  rewrite(record: RecordUpsert): Promise<boolean>;
  /** The same as part of another statement (see `rewriteIn`). */
  rewriteValues(record: RecordUpsert): RewriteValues;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
};

/** The session's raw id, and the `client_id` that an authorization request names. */
export type SessionFor = { readonly id: string; readonly clientId: string };

export type RewriteValues = readonly unknown[];

export type RecordWrite = {
  readonly upserts: readonly RecordUpsert[];
  /** Never sessions, which are ended by mark. */
  readonly removals?: readonly RecordName[];
  readonly audit: readonly AuditRow[];
};

export type RecordStoreParts = RecordKeys & { readonly pool: pg.Pool };

type ToConsume = { readonly model: string; readonly hash: Buffer; readonly successor: Buffer | undefined };
type FoundRow = {
  /** Counted from 1. */
  place: number;
  model: string;
  payload: string;
  successor: Buffer | null;
  consumed_seconds_ago: number | null;
  grant_payload: string | null;
  session_payload: string | null;
};

/** The provider's store: batches over the one pool, ids hashed, one row per record with real columns (DESIGN §4). */
export function createRecordStore({ pool, envelopeKey, userCodeKey }: RecordStoreParts): RecordStore {
  const finds = new Batch<string, ReadonlyMap<string, FoundRecord>>((ids) => findAll(pool, envelopeKey, ids));
  const sessionsFor = new Batch<SessionFor, FoundRecord | undefined>((wanted) => findSessionsFor(pool, wanted));
  const sessions = new Batch<string, RecordPayload | undefined>((uids) => findSessions(pool, uids));
  const consumptions = new Batch<ToConsume, boolean>((wanted) => consumeAll(pool, wanted));
  const rewrites = new Batch<RecordUpsert, boolean>((all) => rewriteAll(pool, { envelopeKey, userCodeKey }, all));
  const writes = new Batch<RecordWrite, undefined>((all) => writeAll(pool, { envelopeKey, userCodeKey }, all));

  return {
    find: async (model, id) => (await finds.run(id)).get(model),
    findAny: (id) => finds.run(id),
    findSessionFor: (wanted) => sessionsFor.run(wanted),
    findByUid: (uid) => sessions.run(uid),
    async findByUserCode(userCode) {
      const { rows } = await pool.query<Pick<FoundRow, 'payload' | 'consumed_seconds_ago'>>({
        ...statements.findByUserCode,
        values: [userCodeHash(userCodeKey, userCode)],
      });
      const [row] = rows;
      return (
        row && {
          ...UNRELATED,
          ...found(row),
          payload: restoredByUserCode(envelopeKey, userCode, row.payload),
          text: row.payload,
        }
      );
    },
    consume: (model, id, successor) => consumptions.run({ model, hash: recordId(id), successor }),
    async destroy(model, id) {
      await pool.query({ ...statements.destroy, values: [recordId(id), model] });
    },
    async revokeByGrantId(grantId) {
      await pool.query({ ...statements.revokeByGrant, values: [recordId(grantId)] });
    },
    async withAudit(write) {
      await writes.run(write);
    },
    rewrite: (record) => rewrites.run(record),
    rewriteValues: (record) => rewriteColumns({ envelopeKey, userCodeKey }, [record]).flat(),
    async idle() {
      await Promise.all([
        finds.idle(),
        sessionsFor.idle(),
        sessions.idle(),
        consumptions.idle(),
        rewrites.idle(),
        writes.idle(),
      ]);
    },
  };
}

const UNRELATED = { successor: undefined, grant: undefined, session: undefined } as const;
const found = (row: { consumed_seconds_ago: number | null }) => ({
  consumedSecondsAgo: row.consumed_seconds_ago ?? undefined,
});

async function findAll(
  pool: pg.Pool,
  envelopeKey: KeyEncryptionKey,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, FoundRecord>[]> {
  const ids = [...new Set(wanted)];
  const { rows } = await pool.query<FoundRow>({ ...statements.findById, values: [ids.map(recordId)] });
  const found = new Map(ids.map((id) => [id, new Map<string, FoundRecord>()]));
  for (const row of rows) {
    const id = ids[row.place - 1];
    if (id !== undefined) found.get(id)?.set(row.model, foundOf(envelopeKey, row, id));
  }
  return wanted.map((id) => found.get(id) ?? NOTHING);
}

const NOTHING: ReadonlyMap<string, FoundRecord> = new Map();

const foundOf = (envelopeKey: KeyEncryptionKey, row: FoundRow, id: string): FoundRecord => ({
  ...found(row),
  payload: restoredPayload(envelopeKey, id, row.payload),
  text: row.payload,
  successor: row.successor ?? undefined,
  grant: row.grant_payload === null ? undefined : parsePayload(row.grant_payload),
  session: row.session_payload === null ? undefined : parsePayload(row.session_payload),
});

async function findSessionsFor(pool: pg.Pool, wanted: readonly SessionFor[]): Promise<(FoundRecord | undefined)[]> {
  const { rows } = await pool.query<Pick<FoundRow, 'place' | 'payload' | 'grant_payload'>>({
    ...statements.findSessionsFor,
    values: [wanted.map(({ id }) => recordId(id)), wanted.map(({ clientId }) => clientId)],
  });
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return wanted.map(({ id }, index) => {
    const row = byPlace.get(index + 1);
    return (
      row && {
        ...UNRELATED,
        payload: { ...parsePayload(row.payload), jti: id },
        text: row.payload,
        consumedSecondsAgo: undefined,
        grant: row.grant_payload === null ? undefined : parsePayload(row.grant_payload),
      }
    );
  });
}

async function findSessions(pool: pg.Pool, uids: readonly string[]): Promise<(RecordPayload | undefined)[]> {
  const { rows } = await pool.query<{ uid: string; payload: string }>({
    ...statements.findByUid,
    values: [[...new Set(uids)]],
  });
  const byUid = new Map(rows.map((row) => [row.uid, row.payload]));
  return uids.map((uid) => {
    const payload = byUid.get(uid);
    return payload === undefined ? undefined : parsePayload(payload);
  });
}

async function consumeAll(pool: pg.Pool, wanted: readonly ToConsume[]): Promise<boolean[]> {
  const first = new Map<string, ToConsume>();
  for (const one of wanted) {
    const key = keyOf(one.model, one.hash);
    if (!first.has(key)) first.set(key, one);
  }
  const rows = [...first.values()].sort(byKey);
  const answer = await pool.query<{ id: Buffer; model: string }>({
    ...statements.consume,
    values: [rows.map((one) => one.hash), rows.map((one) => one.model), rows.map((one) => one.successor ?? null)],
  });
  const won = new Set(answer.rows.map((row) => keyOf(row.model, row.id)));
  return wanted.map((one) => {
    const key = keyOf(one.model, one.hash);
    return first.get(key) === one && won.has(key);
  });
}

async function writeAll(pool: pg.Pool, keys: RecordKeys, all: readonly RecordWrite[]): Promise<undefined[]> {
  const audit = auditColumns(all.flatMap((one) => one.audit));
  const rows = distinctRows(
    keys,
    all.flatMap(({ upserts }) => upserts),
    all.flatMap(({ removals = [] }) => removals),
  );
  if (rows.length === 0) {
    if (audit[0]?.length) await pool.query({ ...statements.writeAudit, values: audit });
  } else if (rows.every(({ model }) => statements.FRESH_MODELS.has(model))) {
    const records = statements.FRESH.map((column) => rows.map((row) => row.columns[column]));
    await pool.query({ ...statements.writeFresh, values: [...records, ...audit] });
  } else {
    const records = statements.RECORD_UNNEST_TYPES.map((_, index) => rows.map((row) => row.columns[index]));
    await pool.query({ ...statements.write, values: [...records, ...audit] });
  }
  return all.map(() => undefined);
}

function rewriteColumns(keys: RecordKeys, all: readonly RecordUpsert[]): unknown[][] {
  const rows = distinctRows(keys, all);
  return statements.REWRITTEN.map((column) => rows.map((row) => row.columns[column]));
}

async function rewriteAll(pool: pg.Pool, keys: RecordKeys, all: readonly RecordUpsert[]): Promise<boolean[]> {
  const values = rewriteColumns(keys, all);
  const answer = await pool.query<{ id: Buffer; model: string }>({ ...statements.rewrite, values });
  const kept = new Set(answer.rows.map((row) => keyOf(row.model, row.id)));
  return all.map(({ model, id }) => kept.has(keyOf(model, recordId(id))));
}
