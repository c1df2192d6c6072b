import type pg from 'pg';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { isUuid } from '../../kernel/ids.ts';
import { type AuditRow, auditColumns } from '../../persistence/audit-rows.ts';
import { Batch } from './batch.ts';
import { type FoundRecord, type RecordPayload, type RecordUpsert, recordId, userCodeHash } from './provider-record.ts';
import { parsePayload, restoredByUserCode, restoredPayload, storedPayload } from './record-payload.ts';
import * as statements from './record-statements.ts';

export type RecordStore = {
  find(model: string, id: string): Promise<FoundRecord | undefined>;
  /** What is kept under this id, by model: a token tells by itself neither its kind nor its owner. */
  findAny(id: string): Promise<ReadonlyMap<string, FoundRecord>>;
  /** A session by its uid, which is no secret: without its id. */
  findByUid(uid: string): Promise<RecordPayload | undefined>;
  findByUserCode(userCode: string): Promise<FoundRecord | undefined>;
  /** True for exactly one of any number of calls. `successor` is kept with a refresh token. */
  consume(model: string, id: string, successor?: Buffer): Promise<boolean>;
  /** Sessions are ended by mark and kept until they would have expired; anything else is deleted. */
  destroy(model: string, id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
  /** A token that a client got for itself, and its audit row, in one statement. */
  addClientToken(write: ClientTokenWrite): Promise<void>;
  /** The records of a request and its audit rows, in one statement. */
  withAudit(write: RecordWrite): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
};

export type RecordWrite = { readonly upserts: readonly RecordUpsert[]; readonly audit: readonly AuditRow[] };

export type ClientTokenWrite = {
  /** The raw token. */
  readonly id: string;
  readonly payload: RecordPayload & { readonly kind: string; readonly clientId: string };
  readonly expiresAt: Date;
  readonly audit: AuditRow;
};

export type RecordStoreParts = {
  readonly pool: pg.Pool;
  /** Derived for purpose 'record-envelope'. */
  readonly envelopeKey: KeyEncryptionKey;
  /** Derived for purpose 'user-code'. */
  readonly userCodeKey: Uint8Array;
};

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
  const sessions = new Batch<string, RecordPayload | undefined>((uids) => findSessions(pool, uids));
  const consumptions = new Batch<ToConsume, boolean>((wanted) => consumeAll(pool, wanted));
  const tokens = new Batch<ClientTokenWrite, undefined>((all) => addTokens(pool, envelopeKey, all));
  const writes = new Batch<RecordWrite, undefined>((all) => writeAll(pool, { envelopeKey, userCodeKey }, all));

  return {
    find: async (model, id) => (await finds.run(id)).get(model),
    findAny: (id) => finds.run(id),
    findByUid: (uid) => sessions.run(uid),
    async findByUserCode(userCode) {
      const { rows } = await pool.query<Pick<FoundRow, 'payload' | 'consumed_seconds_ago'>>({
        ...statements.findByUserCode,
        values: [userCodeHash(userCodeKey, userCode)],
      });
      const [row] = rows;
      return row && { ...UNRELATED, ...found(row), payload: restoredByUserCode(envelopeKey, userCode, row.payload) };
    },
    consume: (model, id, successor) => consumptions.run({ model, hash: recordId(id), successor }),
    async destroy(model, id) {
      await pool.query({ ...statements.destroy, values: [recordId(id), model] });
    },
    async revokeByGrantId(grantId) {
      await pool.query({ ...statements.revokeByGrant, values: [recordId(grantId)] });
    },
    async addClientToken(write) {
      await tokens.run(write);
    },
    async withAudit(write) {
      await writes.run(write);
    },
    async idle() {
      await Promise.all([finds.idle(), sessions.idle(), consumptions.idle(), tokens.idle(), writes.idle()]);
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
  successor: row.successor ?? undefined,
  grant: row.grant_payload === null ? undefined : parsePayload(row.grant_payload),
  session: row.session_payload === null ? undefined : parsePayload(row.session_payload),
});

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

const keyOf = (model: string, hash: Buffer): string => `${model}:${hash.toString('latin1')}`;
const byKey = (a: { hash: Buffer; model: string }, b: { hash: Buffer; model: string }): number =>
  Buffer.compare(a.hash, b.hash) || (a.model < b.model ? -1 : 1);

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

type Keys = Pick<RecordStoreParts, 'envelopeKey' | 'userCodeKey'>;
type Row = { readonly hash: Buffer; readonly model: string; readonly columns: readonly unknown[] };

async function writeAll(pool: pg.Pool, keys: Keys, all: readonly RecordWrite[]): Promise<undefined[]> {
  const audit = auditColumns(all.flatMap((one) => one.audit));
  const rows = distinctRows(keys, all);
  if (rows.length === 0) {
    if (audit[0]?.length) await pool.query({ ...statements.writeAudit, values: audit });
  } else {
    const records = statements.RECORD_UNNEST_TYPES.map((_, index) => rows.map((row) => row.columns[index]));
    await pool.query({ ...statements.write, values: [...records, ...audit] });
  }
  return all.map(() => undefined);
}

async function addTokens(
  pool: pg.Pool,
  envelopeKey: KeyEncryptionKey,
  all: readonly ClientTokenWrite[],
): Promise<undefined[]> {
  const columns = [
    all.map(({ id }) => recordId(id)),
    all.map(({ payload }) => payload.kind),
    all.map(({ id, payload }) => storedPayload(envelopeKey, id, payload)),
    all.map(({ payload }) => payload.clientId),
    all.map(({ expiresAt }) => expiresAt.toISOString()),
  ];
  await pool.query({
    ...statements.writeNewTokens,
    values: [...columns, ...auditColumns(all.map(({ audit }) => audit))],
  });
  return all.map(() => undefined);
}

/** One row a key, the last one said, in the order of the key: two batches that lock the same rows then never deadlock. */
function distinctRows(keys: Keys, all: readonly RecordWrite[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { upserts } of all) {
    for (const upsert of upserts) {
      const hash = recordId(upsert.id);
      rows.set(keyOf(upsert.model, hash), { hash, model: upsert.model, columns: columnsOf(keys, hash, upsert) });
    }
  }
  return rows.size === 1 ? [...rows.values()] : [...rows.values()].sort(byKey);
}

function columnsOf(keys: Keys, hash: Buffer, { model, id, payload, expiresAt, replaces }: RecordUpsert): unknown[] {
  const grantId = textOf(payload.grantId);
  const userCode = textOf(payload.userCode);
  return [
    hash,
    model,
    storedPayload(keys.envelopeKey, id, payload),
    accountOf(payload),
    textOf(payload.clientId) ?? clientOf(payload),
    grantId === null ? null : recordId(grantId),
    model === 'Session' ? textOf(payload.uid) : null,
    userCode === null ? null : userCodeHash(keys.userCodeKey, userCode),
    payload.expiresWithSession === true ? textOf(payload.sessionUid) : null,
    expiresAt?.toISOString() ?? null,
    replaces === undefined ? null : recordId(replaces),
  ];
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * Whatever belongs to a person carries their id in a column, so that one statement ends it all: a sign-in under way belongs to
 * who has just proved who they are, else to who was signed in when it began.
 */
function accountOf(payload: RecordPayload): string | null {
  const login = memberOf(payload.result, 'login');
  const candidates = [payload.accountId, memberOf(login, 'accountId'), memberOf(payload.session, 'accountId')];
  const account = candidates.find((one) => typeof one === 'string');
  return typeof account === 'string' && isUuid(account) ? account : null;
}

const clientOf = (payload: RecordPayload): string | null => textOf(memberOf(payload.params, 'client_id'));

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
