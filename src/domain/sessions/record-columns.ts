import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { isUuid } from '../../kernel/ids.ts';
import { type RecordName, type RecordPayload, type RecordUpsert, recordId, userCodeHash } from './provider-record.ts';
import { storedPayload } from './record-payload.ts';

export type RecordKeys = {
  /** Derived for purpose 'record-envelope'. */
  readonly envelopeKey: KeyEncryptionKey;
  /** Derived for purpose 'user-code'. */
  readonly userCodeKey: Uint8Array;
};

export type RecordRow = { readonly hash: Buffer; readonly model: string; readonly columns: readonly unknown[] };

export const keyOf = (model: string, hash: Buffer): string => `${model}:${hash.toString('latin1')}`;
export const byKey = (a: { hash: Buffer; model: string }, b: { hash: Buffer; model: string }): number =>
  Buffer.compare(a.hash, b.hash) || (a.model < b.model ? -1 : 1);

/** One row a key, the last one said and removal before all, in the order of the key: two batches that lock the same rows then never deadlock. */
export function distinctRows(
  keys: RecordKeys,
  upserts: readonly RecordUpsert[],
  removals: readonly RecordName[] = [],
): readonly RecordRow[] {
  const rows = new Map<string, RecordRow>();
  for (const upsert of upserts) {
    const hash = recordId(upsert.id);
    rows.set(keyOf(upsert.model, hash), { hash, model: upsert.model, columns: columnsOf(keys, hash, upsert) });
  }
  for (const { model, id } of removals) {
    const hash = recordId(id);
    rows.set(keyOf(model, hash), { hash, model, columns: [hash, model, ...REMOVED] });
  }
  return rows.size === 1 ? [...rows.values()] : [...rows.values()].sort(byKey);
}

/** A record without a payload is one that goes. */
const REMOVED: readonly null[] = Array.from({ length: 9 }, () => null);

function columnsOf(
  keys: RecordKeys,
  hash: Buffer,
  { model, id, payload, expiresAt, replaces }: RecordUpsert,
): unknown[] {
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
  const first = memberOf(memberOf(payload.result, 'waiting'), 'first');
  const proved = [memberOf(login, 'accountId'), memberOf(first, 'userId')];
  const candidates = [payload.accountId, ...proved, memberOf(payload.session, 'accountId')];
  const account = candidates.find((one) => typeof one === 'string');
  return typeof account === 'string' && isUuid(account) ? account : null;
}

const clientOf = (payload: RecordPayload): string | null => textOf(memberOf(payload.params, 'client_id'));

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
