import type pg from 'pg';
import type { UserId } from '../../kernel/ids.ts';
import { comparisonKey, isStorableText } from '../../kernel/text.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { personNamed } from '../users/person-named.ts';
import { personInForce } from '../users/standing.ts';
import {
  attemptStatement,
  type DeviceThrottleKey,
  FIRST_LOOK_UP_VALUE,
  type Reservation,
  type Throttle,
} from './throttle.ts';

/** Whom a typed name means, and what their password is compared with. */
export type SignInAccount = {
  readonly id: UserId;
  readonly userName: string;
  readonly active: boolean;
  readonly passwordHash: string | undefined;
  /** When the password was set, to the microsecond, as PostgreSQL writes it. */
  readonly passwordChangedAt: string | undefined;
  /** The one of the presented device tokens (hashed) that belongs to this person and is still good. */
  readonly knownDevice: Buffer | undefined;
  /** A password alone does not let them in. */
  readonly hasTotp: boolean;
};

type Row = {
  id: UserId;
  user_name: string;
  active: boolean;
  hash: string | null;
  changed_at: string | null;
  device: Buffer | null;
  has_totp: boolean;
};

type Names = { readonly devices: string; readonly now: string };

const account = ({ devices, now }: Names): string => `
SELECT u.id, u.user_name, ${personInForce(now, 'u')} AS active, p.hash, p.changed_at::text AS changed_at,
  (SELECT token_hash FROM known_devices d
   WHERE d.token_hash = ANY (${devices}::bytea[]) AND d.user_id = u.id AND d.expires_at > ${now} LIMIT 1) AS device,
  EXISTS (SELECT FROM totp_credentials t WHERE t.user_id = u.id) AS has_totp
FROM users u LEFT JOIN password_credentials p ON p.user_id = u.id`;

const accountNamed = ({ name, ...names }: Names & { readonly name: string }): string => `
${account(names)} WHERE u.id = ${personNamed(name)}`;

const FIND = accountNamed({ name: '$1', devices: '$2', now: '$3' });
const FIND_BY_ID = `${account({ devices: '$2', now: '$3' })} WHERE u.id = $1`;
const ATTEMPT = attemptStatement(
  accountNamed({ now: '$1', name: `$${FIRST_LOOK_UP_VALUE}`, devices: `$${FIRST_LOOK_UP_VALUE + 1}` }),
);

export async function findSignInAccount(
  pool: Pick<pg.Pool, 'query'>,
  { typedName, deviceHashes, now }: { typedName: string; deviceHashes: readonly Buffer[]; now: Date },
): Promise<SignInAccount | undefined> {
  const values = [nameKey(typedName), deviceHashes, now];
  const { rows } = await pool.query<Row>({ name: 'sign-in-account', text: FIND, values });
  return rows[0] && accountOf(rows[0]);
}

/** Nobody is named by what no name can be. */
const nameKey = (typedName: string): string | null => (isStorableText(typedName) ? comparisonKey(typedName) : null);

/** Whom the name means, and whether an attempt on it is let in: counted under the keys of their device, if it is one. */
export async function reserveAttempt(
  throttle: Pick<Throttle, 'reserveFor'>,
  { typedName, deviceHashes }: { typedName: string; deviceHashes: readonly Buffer[] },
  keys: readonly DeviceThrottleKey[],
): Promise<{ readonly account: SignInAccount | undefined; readonly reservation: Reservation }> {
  const lookUp = { name: 'sign-in-attempt', text: ATTEMPT, values: [nameKey(typedName), deviceHashes] };
  const { row, reservation } = await throttle.reserveFor<Row>(lookUp, keys);
  return { account: row && accountOf(row), reservation };
}

/** Somebody whose first factor was verified, as they are now. */
export async function findAccountById(
  read: Pick<Reader, 'query'>,
  { userId, deviceHashes, now }: { userId: string; deviceHashes: readonly Buffer[]; now: Date },
): Promise<SignInAccount | undefined> {
  const [row] = await read.query<Row>(FIND_BY_ID, [userId, deviceHashes, now]);
  return row && accountOf(row);
}

const accountOf = (row: Row): SignInAccount => ({
  id: row.id,
  userName: row.user_name,
  active: row.active,
  passwordHash: row.hash ?? undefined,
  passwordChangedAt: row.changed_at ?? undefined,
  knownDevice: row.device ?? undefined,
  hasTotp: row.has_totp,
});

/**
 * Hashing takes a quarter of a second outside any transaction: whether the person ($1) is still active at $3 and the password
 * still the one that was compared ($2) is asked again where the sign-in is recorded. Not by the hash: a sign-in beside this
 * one may have upgraded it.
 */
export const UNCHANGED = /* sql */ `
  SELECT u.id FROM users u JOIN password_credentials p ON p.user_id = u.id
  WHERE u.id = $1::uuid AND ${personInForce('$3::timestamptz', 'u')} AND p.changed_at = $2::timestamptz`;

/** As above, for a passkey ($2) in place of a password. */
export const STILL_HAS_PASSKEY = /* sql */ `
  SELECT u.id FROM users u JOIN passkeys k ON k.user_id = u.id
  WHERE u.id = $1::uuid AND ${personInForce('$3::timestamptz', 'u')} AND k.id = $2::uuid`;

/** As above, for an address ($2) that a code was mailed to. */
export const STILL_HAS_ADDRESS = /* sql */ `
  SELECT u.id FROM users u
  WHERE u.id = $1::uuid AND ${personInForce('$3::timestamptz', 'u')}
    AND EXISTS (SELECT FROM user_emails e WHERE e.user_id = u.id AND e.value_key = $2::text AND e.is_verified)
    AND NOT EXISTS (SELECT FROM totp_credentials t WHERE t.user_id = u.id)`;

/** Whether they are unchanged, and it stays so until this transaction ends. */
export async function lockIfUnchanged(tx: Tx, account: SignInAccount): Promise<boolean> {
  await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [account.id]);
  await tx.query('SELECT 1 FROM password_credentials WHERE user_id = $1 FOR NO KEY UPDATE', [account.id]);
  const rows = await tx.query(UNCHANGED, [account.id, account.passwordChangedAt, tx.now]);
  return rows.length === 1;
}
