import type pg from 'pg';

const BATCH = 2_000;

/**
 * Each statement deletes at most one batch of rows whose time is over, skipping rows that somebody works on. Expiry is
 * checked wherever a row is used, so nothing depends on when this runs. A grant stays while a token of it lives.
 */
const STATEMENTS = [
  `DELETE FROM provider_records WHERE (id, model) IN (
     SELECT r.id, r.model FROM provider_records r
     WHERE r.expires_at <= $1 AND (r.model <> 'Grant' OR NOT EXISTS (
       SELECT 1 FROM provider_records token WHERE token.grant_id = r.id AND token.expires_at > $1))
     LIMIT $2 FOR UPDATE SKIP LOCKED)`,
  expiring('revoked_access_tokens', 'jti_hash'),
  expiring('replay_detections', 'key_hash'),
  expiring('one_time_links', 'token_hash'),
  expiring('throttle_counters', 'key'),
  expiring('known_devices', 'token_hash'),
  expiring('mail_deliveries', 'message_id'),
  expiring('sign_ups', 'token_hash'),
  expiring('email_sign_ins', 'interaction_hash'),
  expiring('email_changes', 'id'),
  expiring('factor_recoveries', 'id'),
  `DELETE FROM bulk_import_chunks WHERE (import_id, place) IN (
     SELECT import_id, place FROM bulk_import_chunks WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`,
  `DELETE FROM client_secrets WHERE id IN (
     SELECT id FROM client_secrets WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
] as const;

function expiring(table: string, key: string): string {
  return `DELETE FROM ${table} WHERE ${key} IN (
    SELECT ${key} FROM ${table} WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;
}

/** One bounded batch of each table; true while there may be more. */
export async function expireRecords(pool: pg.Pool, now: Date): Promise<boolean> {
  let hasMore = false;
  for (const statement of STATEMENTS) {
    const { rowCount } = await pool.query(statement, [now, BATCH]);
    hasMore ||= rowCount === BATCH;
  }
  return hasMore;
}
