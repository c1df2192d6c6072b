import type pg from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import { retrying } from '../../persistence/unit-of-work.ts';
import { Batch } from '../sessions/batch.ts';
import { type ThrottleScope, throttleLimits } from './throttle-limits.ts';

export type ThrottleKey = { readonly scope: ThrottleScope; readonly value: string };

/** A counted attempt. Left alone it is a failure; `refund` takes it back. */
export type Reservation =
  | { readonly kind: 'admitted'; readonly keys: readonly Buffer[] }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type Throttle = {
  /**
   * Counts the attempt under all keys, or under none and says how long to wait. Counting comes before the password is
   * looked at, in one statement under the row's lock: guesses made at once, on any number of processes, cannot all pass.
   */
  reserve(keys: readonly ThrottleKey[]): Promise<Reservation>;
  /** The attempt was no failure. */
  refund(keys: readonly Buffer[]): Promise<void>;
};

export type ThrottleParts = {
  /** Statements run by themselves: a counted failure must outlive whatever happens to the sign-in afterwards. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** Keys are stored hashed, so that the table does not list who and from where. */
  readonly key: Uint8Array;
  readonly clock: Clock;
};

export function createThrottle({ pool, key, clock }: ThrottleParts): Throttle {
  // Everyone behind one address has a key in common: those who are let in at once give back in one statement.
  const refunds = new Batch<readonly Buffer[], undefined>((all) => refundAll(pool, all));
  const refund = async (keys: readonly Buffer[]): Promise<void> => {
    if (keys.length > 0) await refunds.run(keys);
  };
  return {
    async reserve(keys) {
      const hashes = keys.map(({ scope, value }) => keyedHash(key, `${scope}\n${value}`));
      const values = [clock.now(), hashes, ...limitColumns(keys)];
      // A row that was not there yet is locked where it is made, after those that were: then two can meet head on.
      const { rows } = await retrying(() =>
        pool.query<{ key: Buffer }>({ name: 'throttle_reserve', text: RESERVE, values }),
      );
      if (rows.length === hashes.length) return { kind: 'admitted', keys: hashes };
      // Two first attempts at once: one of the keys was full by the time it was ours.
      await refund(rows.map((row) => row.key));
      const waits = await pool.query<{ seconds: number | null }>({ name: 'throttle_wait', text: WAIT, values });
      return { kind: 'throttled', retryAfterSeconds: Math.max(1, Math.ceil(waits.rows[0]?.seconds ?? 1)) };
    },
    refund,
  };
}

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

const WANTED = `wanted AS MATERIALIZED (
  SELECT wanted.* FROM ${WITHOUT_WAITING},
    unnest($2::bytea[], $3::float8[], $4::float8[], $5::float8[], $6::float8[])
      AS wanted (key, free, drain, first_wait, longest_wait)
)`;

const LEVEL = `greatest(0, counter.failures - greatest(0, extract(epoch FROM $1::timestamptz - counter.updated_at))::float8 / wanted.drain)`;
// Whole failures: what drained since the last one must not let the next one in early.
const BEYOND = `(round(${LEVEL}) - wanted.free)`;
const WAIT_SECONDS = `CASE WHEN ${BEYOND} < 0 THEN 0
  ELSE least(wanted.longest_wait, wanted.first_wait * power(2::float8, least(30, ${BEYOND})))
    - extract(epoch FROM $1::timestamptz - counter.updated_at)::float8 END`;

/** Rows come back only for keys that let the attempt in. Locks of rows that are there are taken in key order. */
const RESERVE = `
WITH ${WANTED}, closed AS MATERIALIZED (
  SELECT ${WAIT_SECONDS} > 0 AS waits
  FROM throttle_counters counter JOIN wanted ON wanted.key = counter.key
  ORDER BY counter.key FOR UPDATE OF counter
)
INSERT INTO throttle_counters AS counter (key, failures, updated_at, expires_at)
SELECT wanted.key, 1, $1::timestamptz, $1::timestamptz + make_interval(secs => wanted.drain)
FROM wanted WHERE NOT EXISTS (SELECT FROM closed WHERE closed.waits) ORDER BY wanted.key
ON CONFLICT ON CONSTRAINT throttle_counters_pkey DO UPDATE SET (failures, updated_at, expires_at) = (
  SELECT ${LEVEL} + 1, greatest($1::timestamptz, counter.updated_at),
    $1::timestamptz + make_interval(secs => greatest((${LEVEL} + 1) * wanted.drain, wanted.longest_wait))
  FROM wanted WHERE wanted.key = counter.key
)
WHERE (SELECT ${WAIT_SECONDS} <= 0 FROM wanted WHERE wanted.key = counter.key)
RETURNING counter.key`;

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
