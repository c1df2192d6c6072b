import type pg from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import { retrying } from '../../persistence/unit-of-work.ts';
import { Batch } from '../sessions/batch.ts';
import { type ThrottleScope, throttleLimits } from './throttle-limits.ts';

export type ThrottleKey = { readonly scope: ThrottleScope; readonly value: string };

/** A counted attempt. Left alone it is a failure; `refund` takes it back. */
export type Reservation =
  | {
      readonly kind: 'admitted';
      readonly keys: readonly Buffer[];
      /** Those of them that everyone behind one address has in common. */
      readonly sharedKeys: readonly Buffer[];
    }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type Throttle = {
  /**
   * Counts the attempt under all keys, or under none and says how long to wait. Counting comes before the password is
   * looked at, in one statement under the row's lock: guesses made at once, on any number of processes, cannot all pass.
   */
  reserve(keys: readonly ThrottleKey[]): Promise<Reservation>;
  /** The same in one statement with a look-up that says which keys count: those of the device its row names, or of none. */
  reserveFor<Row extends LookedUp>(
    lookUp: LookUp,
    keys: readonly DeviceThrottleKey[],
  ): Promise<{ readonly row: Row | undefined; readonly reservation: Reservation }>;
  /** The attempt was no failure. */
  refund(keys: readonly Buffer[]): Promise<void>;
  /** The same, not waited for: until then everyone else is counted one attempt more. For shared keys, whose limits are wide. */
  refundSoon(keys: readonly Buffer[]): void;
  /** Resolves when everything given back is taken back. */
  idle(): Promise<void>;
};

/** `device`: undefined for keys that count where no device is known. */
export type DeviceThrottleKey = ThrottleKey & { readonly device: Buffer | undefined };

/** `id` of the row is what says that there is one. */
type LookedUp = { readonly id: string; readonly device: Buffer | null };

/** `text` is made by {@link attemptStatement}. */
export type LookUp = { readonly name: string; readonly text: string; readonly values: readonly unknown[] };

export const FIRST_LOOK_UP_VALUE = 8;

export type ThrottleParts = {
  /** Statements run by themselves: a counted failure must outlive whatever happens to the sign-in afterwards. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** Keys are stored hashed, so that the table does not list who and from where. */
  readonly key: Uint8Array;
  readonly clock: Clock;
};

const GATHERING_MS = 20;

export function createThrottle({ pool, key, clock }: ThrottleParts): Throttle {
  const refundsOf = (gatherMs: number) =>
    new Batch<readonly Buffer[], undefined>((all) => refundAll(pool, all), gatherMs);
  const refunds = refundsOf(0);
  const gathered = refundsOf(GATHERING_MS);
  const hashed = ({ scope, value }: ThrottleKey): Buffer => keyedHash(key, `${scope}\n${value}`);
  const refund = async (keys: readonly Buffer[]): Promise<void> => {
    if (keys.length > 0) await refunds.run(keys);
  };
  /** Two first attempts at once: one of the keys was full by the time it was ours. */
  const refuse = async (reserved: readonly Buffer[], values: readonly unknown[]): Promise<Reservation> => {
    await refund(reserved);
    const { rows } = await pool.query<{ seconds: number | null }>({
      name: 'throttle_wait',
      text: WAIT,
      values: [...values],
    });
    return { kind: 'throttled', retryAfterSeconds: Math.max(1, Math.ceil(rows[0]?.seconds ?? 1)) };
  };
  return {
    async reserve(keys) {
      const hashes = keys.map(hashed);
      const values = [clock.now(), hashes, ...limitColumns(keys)];
      const { rows } = await retrying(() =>
        pool.query<{ key: Buffer }>({ name: 'throttle_reserve', text: RESERVE, values }),
      );
      if (rows.length === hashes.length) return admitted(keys, hashes);
      return refuse(
        rows.map((row) => row.key),
        values,
      );
    },
    async reserveFor<Row extends LookedUp>({ name, text, values }: LookUp, keys: readonly DeviceThrottleKey[]) {
      const now = clock.now();
      const hashes = keys.map(hashed);
      const devices = keys.map(({ device }) => device ?? null);
      const parameters = [now, hashes, ...limitColumns(keys), devices, ...values];
      const { rows } = await retrying(() =>
        pool.query<Row & { is_found: boolean; reserved: Buffer[] | null }>({ name, text, values: parameters }),
      );
      const [row] = rows;
      const device = row?.device?.toString('latin1');
      const isWanted = (one: DeviceThrottleKey): boolean => one.device?.toString('latin1') === device;
      const wanted = keys.filter(isWanted);
      const wantedHashes = hashes.filter((_, index) => isWanted(keys[index] as DeviceThrottleKey));
      const reserved = row?.reserved ?? [];
      const reservation =
        reserved.length === wanted.length
          ? admitted(wanted, wantedHashes)
          : await refuse(reserved, [now, wantedHashes, ...limitColumns(wanted)]);
      return { row: row?.is_found ? row : undefined, reservation };
    },
    refund,
    refundSoon(keys) {
      // One that is lost leaves an attempt counted, which drains.
      if (keys.length > 0) void gathered.run(keys).catch(() => undefined);
    },
    idle: () => gathered.idle(),
  };
}

const admitted = (keys: readonly ThrottleKey[], hashes: readonly Buffer[]): Reservation => ({
  kind: 'admitted',
  keys: hashes,
  sharedKeys: hashes.filter((_, index) => keys[index]?.scope === 'network'),
});

async function refundAll(pool: ThrottleParts['pool'], all: readonly (readonly Buffer[])[]): Promise<undefined[]> {
  const attempts = new Map<string, { key: Buffer; count: number }>();
  for (const key of all.flat()) {
    const counted = attempts.get(key.toString('latin1')) ?? { key, count: 0 };
    attempts.set(key.toString('latin1'), { key, count: counted.count + 1 });
  }
  const wanted = [...attempts.values()];
  const values = [wanted.map(({ key }) => key), wanted.map(({ count }) => count)];
  await pool.query({ name: 'throttle_refund', text: REFUND, values });
  return all.map(() => undefined);
}

function limitColumns(keys: readonly ThrottleKey[]): number[][] {
  const limits = keys.map(({ scope }) => throttleLimits[scope]);
  return [
    limits.map((limit) => limit.free),
    limits.map((limit) => limit.drainSeconds),
    limits.map((limit) => limit.firstWaitSeconds),
    limits.map((limit) => limit.longestWaitSeconds),
  ];
}

/** Everyone behind one address waits for the row of that address: its commit does not wait for the disk. */
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

const limits = (values: string, where: string): string => `wanted AS MATERIALIZED (
  SELECT wanted.* FROM ${WITHOUT_WAITING}, unnest(${values}) ${where}
)`;

const COLUMNS = 'key, free, drain, first_wait, longest_wait';
const ARRAYS = '$2::bytea[], $3::float8[], $4::float8[], $5::float8[], $6::float8[]';
const WANTED = limits(ARRAYS, `AS wanted (${COLUMNS})`);
const WANTED_FOR_DEVICE = limits(
  `${ARRAYS}, $7::bytea[]`,
  `AS wanted (${COLUMNS}, device) WHERE wanted.device IS NOT DISTINCT FROM (SELECT device FROM looked_up)`,
);

const LEVEL = `greatest(0, counter.failures - greatest(0, extract(epoch FROM $1::timestamptz - counter.updated_at))::float8 / wanted.drain)`;
// Whole failures: what drained since the last one must not let the next one in early.
const BEYOND = `(round(${LEVEL}) - wanted.free)`;
const WAIT_SECONDS = `CASE WHEN ${BEYOND} < 0 THEN 0
  ELSE least(wanted.longest_wait, wanted.first_wait * power(2::float8, least(30, ${BEYOND})))
    - extract(epoch FROM $1::timestamptz - counter.updated_at)::float8 END`;

/**
 * Rows come back only for keys that let the attempt in. Locks of rows that are there are taken in key order; a row that was not
 * there yet is locked where it is made, after those that were: then two can meet head on, and are tried again.
 */
const RESERVING = `closed AS MATERIALIZED (
  SELECT ${WAIT_SECONDS} > 0 AS waits
  FROM throttle_counters counter JOIN wanted ON wanted.key = counter.key
  ORDER BY counter.key FOR UPDATE OF counter
), reserved AS (
INSERT INTO throttle_counters AS counter (key, failures, updated_at, expires_at)
SELECT wanted.key, 1, $1::timestamptz, $1::timestamptz + make_interval(secs => wanted.drain)
FROM wanted WHERE NOT EXISTS (SELECT FROM closed WHERE closed.waits) ORDER BY wanted.key
ON CONFLICT ON CONSTRAINT throttle_counters_pkey DO UPDATE SET (failures, updated_at, expires_at) = (
  SELECT ${LEVEL} + 1, greatest($1::timestamptz, counter.updated_at),
    $1::timestamptz + make_interval(secs => greatest((${LEVEL} + 1) * wanted.drain, wanted.longest_wait))
  FROM wanted WHERE wanted.key = counter.key
)
WHERE (SELECT ${WAIT_SECONDS} <= 0 FROM wanted WHERE wanted.key = counter.key)
RETURNING counter.key
)`;

const RESERVE = `WITH ${WANTED}, ${RESERVING} SELECT key FROM reserved`;

/** `lookUp` gives one row or none; in it, `$1` is the moment and the own values begin at {@link FIRST_LOOK_UP_VALUE}. */
export const attemptStatement = (lookUp: string): string => `
WITH looked_up AS MATERIALIZED (${lookUp}), ${WANTED_FOR_DEVICE}, ${RESERVING}
SELECT looked_up.*, looked_up.id IS NOT NULL AS is_found, (SELECT array_agg(key) FROM reserved) AS reserved
FROM (SELECT) AS always LEFT JOIN looked_up ON true`;

const WAIT = `
WITH ${WANTED}
SELECT max(${WAIT_SECONDS}) AS seconds FROM throttle_counters counter JOIN wanted ON wanted.key = counter.key`;

const REFUND = `
WITH ours AS MATERIALIZED (
  SELECT key FROM ${WITHOUT_WAITING}, throttle_counters WHERE key = ANY ($1::bytea[])
  ORDER BY key FOR UPDATE OF throttle_counters
)
UPDATE throttle_counters counter SET failures = greatest(0, counter.failures - given.back)
FROM ours JOIN unnest($1::bytea[], $2::float8[]) AS given (key, back) ON given.key = ours.key WHERE counter.key = ours.key`;

/** Gives one attempt back under each of the keys, as part of a statement that has other reasons to wait for the disk. */
export const refundIn = (keys: string, condition: string): string => `
  UPDATE throttle_counters counter SET failures = greatest(0, counter.failures - 1)
  FROM (SELECT key FROM throttle_counters WHERE key = ANY (${keys}::bytea[]) ORDER BY key FOR UPDATE) ours
  WHERE counter.key = ours.key AND ${condition}`;
