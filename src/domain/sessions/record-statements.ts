import { AUDIT_INSERT_COLUMNS, AUDIT_UNNEST_TYPES } from '../../persistence/audit-rows.ts';

/** Named statements of the record store: prepared once a connection, so that PostgreSQL parses and plans them once. */
const FOUND = /* sql */ `
  r.model, r.payload, r.successor, extract(epoch FROM now() - r.consumed_at)::float8 AS consumed_seconds_ago`;

/**
 * One look-up answers for every model, and brings the grant and the session that the provider asks for next. As subqueries
 * of one value each, not joins: for a join PostgreSQL may choose to read all grants and all sessions there are. Which id a row
 * belongs to is told by its place among those asked for: shorter than the id, and nothing to decode.
 */
export const findById = {
  name: 'provider-records-find',
  text: /* sql */ `
    SELECT array_position($1::bytea[], r.id) AS place, ${FOUND},
      (SELECT g.payload FROM provider_records g
       WHERE g.id = r.grant_id AND g.model = 'Grant' AND r.model <> 'Grant') AS grant_payload,
      (SELECT s.payload FROM provider_records s
       WHERE s.uid = r.session_uid AND s.ended_at IS NULL LIMIT 1) AS session_payload
    FROM provider_records r
    WHERE r.id = ANY($1::bytea[]) AND r.ended_at IS NULL`,
};

/**
 * Sessions with the grant that each has for one client: what an authorization request asks for next. A limit makes a look-up
 * by index of each row, whatever the planner thinks of the number of sessions.
 */
export const findSessionsFor = {
  name: 'provider-sessions-find',
  text: /* sql */ `
    SELECT w.place::int AS place, s.payload,
      (SELECT g.payload FROM provider_records g
       WHERE g.model = 'Grant'
         AND g.id = sha256(convert_to(s.payload::json #>> ARRAY['authorizations', w.client_id, 'grantId'], 'UTF8'))
      ) AS grant_payload
    FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS w (id, client_id, place)
    CROSS JOIN LATERAL (
      SELECT r.payload FROM provider_records r
      WHERE r.id = w.id AND r.model = 'Session' AND r.ended_at IS NULL LIMIT 1) AS s`,
};

/** Only sessions have a uid; told so here, PostgreSQL would read all of them by the index that lists them. */
export const findByUid = {
  name: 'provider-records-find-by-uid',
  text: /* sql */ `
    SELECT uid, payload FROM provider_records WHERE uid = ANY($1::text[]) AND ended_at IS NULL`,
};

export const findByUserCode = {
  name: 'provider-records-find-by-user-code',
  text: /* sql */ `
    SELECT payload, extract(epoch FROM now() - consumed_at)::float8 AS consumed_seconds_ago
    FROM provider_records WHERE user_code = $1 AND model = 'DeviceCode'
    ORDER BY created_at DESC LIMIT 1`,
};

/** The one place where a code or refresh token is used up: of any number of presentations exactly one gets its row back.
 * A used refresh token needs its row for the grace alone: presented later it tells its grant itself. */
export const consume = {
  name: 'provider-records-consume',
  text: /* sql */ `
    WITH won AS (
      UPDATE provider_records r SET consumed_at = now(), successor = w.successor,
        expires_at = least(r.expires_at, now() + interval '1 hour')
      FROM unnest($1::bytea[], $2::text[], $3::bytea[]) AS w (id, model, successor)
      WHERE r.id = w.id AND r.model = w.model AND r.consumed_at IS NULL AND r.ended_at IS NULL
      RETURNING r.id, r.model)
    SELECT id, model FROM won`,
};

export const RECORD_UNNEST_TYPES = [
  'bytea',
  'text',
  'text',
  'uuid',
  'text',
  'bytea',
  'text',
  'bytea',
  'text',
  'timestamptz',
  'bytea',
] as const;

const recordArrays = RECORD_UNNEST_TYPES.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
const auditArrays = AUDIT_UNNEST_TYPES.map(
  (type, index) => `$${RECORD_UNNEST_TYPES.length + index + 1}::${type}[]`,
).join(', ');

/** A request that read the session before its browser bound it to the device does not unbind it. */
const KEPT_BOUND = /* sql */ `CASE
  WHEN kept.model = 'Session' AND strpos(kept.payload, '"deviceKey":') > 0 AND strpos(EXCLUDED.payload, '"deviceKey":') = 0
  THEN jsonb_set(EXCLUDED.payload::jsonb, '{deviceKey}', kept.payload::jsonb -> 'deviceKey')::text
  ELSE EXCLUDED.payload END`;

/**
 * The records and the audit rows of one or more requests: all or none.
 * A session that was ended (its row is kept until it would have expired) is not written again by a request in flight,
 * neither under its id nor under the new id it would have got.
 */
export const write = {
  name: 'provider-records-write',
  text: /* sql */ `
    WITH incoming AS (
      SELECT * FROM unnest(${recordArrays})
        AS i (id, model, payload, account_id, client_id, grant_id, uid, user_code, session_uid, expires_at, replaces)
    ), replaced AS (
      DELETE FROM provider_records r USING incoming i
      WHERE i.replaces IS NOT NULL AND r.id = i.replaces AND r.model = i.model AND r.ended_at IS NULL
      RETURNING r.id
    ), removed AS (
      DELETE FROM provider_records r USING incoming i
      WHERE i.payload IS NULL AND r.id = i.id AND r.model = i.model AND r.model <> 'Session'
    ), written AS (
      INSERT INTO provider_records AS kept
        (id, model, payload, account_id, client_id, grant_id, uid, user_code, session_uid, expires_at)
      SELECT id, model, payload, account_id, client_id, grant_id, uid, user_code, session_uid, expires_at
      FROM incoming i
      WHERE i.payload IS NOT NULL AND (i.replaces IS NULL OR EXISTS (SELECT 1 FROM replaced WHERE replaced.id = i.replaces))
        AND (i.model <> 'Session' OR (
          SELECT ended.ended_at FROM provider_records ended
          WHERE ended.uid = i.uid AND ended.ended_at IS NOT NULL LIMIT 1) IS NULL)
      ON CONFLICT (id, model) DO UPDATE SET
        payload = ${KEPT_BOUND}, account_id = EXCLUDED.account_id, client_id = EXCLUDED.client_id,
        grant_id = EXCLUDED.grant_id, uid = EXCLUDED.uid, session_uid = EXCLUDED.session_uid,
        user_code = coalesce(EXCLUDED.user_code, kept.user_code), expires_at = EXCLUDED.expires_at
      WHERE kept.ended_at IS NULL
    )
    INSERT INTO audit_events_unsealed (${AUDIT_INSERT_COLUMNS}) SELECT * FROM unnest(${auditArrays})`,
};

/** Places among the columns of a record: id, model, payload, account_id, expires_at. */
export const REWRITTEN = [0, 1, 2, 3, 9] as const;

/** Never an insert: what ended meanwhile does not come back. Rows are locked in the order in which they are given. */
export const rewrite = {
  name: 'provider-records-rewrite',
  text: /* sql */ `
    UPDATE provider_records r SET payload = w.payload, account_id = w.account_id, expires_at = w.expires_at
    FROM unnest($1::bytea[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[])
      AS w (id, model, payload, account_id, expires_at)
    WHERE r.id = w.id AND r.model = w.model AND r.ended_at IS NULL
    RETURNING r.id, r.model`,
};

/** The same for one record under `condition`, as part of another statement; its five values begin at `first`. */
export const rewriteIn = (first: number, condition: string): string => /* sql */ `
  UPDATE provider_records r
  SET payload = $${first + 2}::text, account_id = $${first + 3}::uuid, expires_at = $${first + 4}::timestamptz
  WHERE r.id = $${first}::bytea AND r.model = $${first + 1}::text AND r.ended_at IS NULL AND ${condition}
  RETURNING r.id`;

/** Places among the columns of a record: id, model, payload, account_id, client_id, grant_id, session_uid, expires_at. */
export const FRESH = [0, 1, 2, 3, 4, 5, 8, 9] as const;
/** Written once, under an id that was never given before: codes, and tokens that nothing rewrites. */
export const FRESH_MODELS: ReadonlySet<string> = new Set(['AuthorizationCode', 'AccessToken', 'ClientCredentials']);

/** What {@link write} does, without asking what was there before. */
export const writeFresh = {
  name: 'provider-records-write-fresh',
  text: /* sql */ `
    WITH written AS (
      INSERT INTO provider_records (id, model, payload, account_id, client_id, grant_id, session_uid, expires_at)
      SELECT * FROM unnest(${FRESH.map((column, index) => `$${index + 1}::${RECORD_UNNEST_TYPES[column]}[]`).join(', ')})
    )
    INSERT INTO audit_events_unsealed (${AUDIT_INSERT_COLUMNS})
    SELECT * FROM unnest(${AUDIT_UNNEST_TYPES.map((type, index) => `$${FRESH.length + index + 1}::${type}[]`).join(', ')})`,
};

/** Most writes are audit rows alone: a JWT is not stored. */
export const writeAudit = {
  name: 'provider-audit-write',
  text: /* sql */ `
    INSERT INTO audit_events_unsealed (${AUDIT_INSERT_COLUMNS})
    SELECT * FROM unnest(${AUDIT_UNNEST_TYPES.map((type, index) => `$${index + 1}::${type}[]`).join(', ')})`,
};

export const destroy = {
  name: 'provider-records-destroy',
  text: /* sql */ `
    WITH ended AS (
      UPDATE provider_records SET ended_at = coalesce(ended_at, now())
      WHERE id = $1 AND model = $2 AND model = 'Session')
    DELETE FROM provider_records WHERE id = $1 AND model = $2 AND model <> 'Session'`,
};

/** RFC 9700 §4.14.2: everything that came from one grant. The grant itself is destroyed by its own id. */
export const revokeByGrant = {
  name: 'provider-records-revoke-by-grant',
  text: /* sql */ `DELETE FROM provider_records WHERE grant_id = $1 AND model <> 'Grant'`,
};
