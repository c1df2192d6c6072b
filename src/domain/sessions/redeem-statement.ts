import { AUDIT_INSERT_COLUMNS, AUDIT_UNNEST_TYPES } from '../../persistence/audit-rows.ts';

/** id, model, sealed successor. */
const SOURCE_TYPES = ['bytea', 'text', 'bytea'] as const;
/** Place of its source (from 1), id, model, payload, account, client, grant, session uid, expiry. */
const TOKEN_TYPES = ['integer', 'bytea', 'text', 'text', 'uuid', 'text', 'bytea', 'text', 'timestamptz'] as const;

const parameters = (types: readonly string[], before: number): string =>
  types.map((type, index) => `$${before + index + 1}::${type}[]`).join(', ');

const tokensBegin = SOURCE_TYPES.length;
const auditBegins = tokensBegin + TOKEN_TYPES.length;

/**
 * Codes and refresh tokens are used up, and what they are redeemed for is written with its audit row: for each source all of it
 * or nothing. Of any number of presentations exactly one finds its source unused; for the others nothing happens.
 */
export const redeem = {
  name: 'provider-records-redeem',
  text: /* sql */ `
    WITH sources AS (
      SELECT * FROM unnest(${parameters(SOURCE_TYPES, 0)}) WITH ORDINALITY AS s (id, model, successor, place)
    ), won AS (
      UPDATE provider_records r SET consumed_at = now(), successor = s.successor,
        expires_at = least(r.expires_at, now() + interval '1 hour')
      FROM sources s
      WHERE r.id = s.id AND r.model = s.model AND r.consumed_at IS NULL AND r.ended_at IS NULL
      RETURNING s.place
    ), written AS (
      INSERT INTO provider_records (id, model, payload, account_id, client_id, grant_id, session_uid, expires_at)
      SELECT t.id, t.model, t.payload, t.account_id, t.client_id, t.grant_id, t.session_uid, t.expires_at
      FROM unnest(${parameters(TOKEN_TYPES, tokensBegin)})
        AS t (place, id, model, payload, account_id, client_id, grant_id, session_uid, expires_at)
      WHERE t.place IN (SELECT place FROM won)
    ), recorded AS (
      INSERT INTO audit_events_unsealed (${AUDIT_INSERT_COLUMNS})
      SELECT ${AUDIT_INSERT_COLUMNS}
      FROM unnest(${parameters(AUDIT_UNNEST_TYPES, auditBegins)}) WITH ORDINALITY AS e (${AUDIT_INSERT_COLUMNS}, place)
      WHERE e.place IN (SELECT place FROM won)
    )
    SELECT place::integer FROM won`,
};
