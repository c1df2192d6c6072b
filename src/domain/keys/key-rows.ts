import type { JWK } from 'jose';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { KeyState, SigningAlg } from './signing-key.ts';

/** A row of `signing_keys`. */
export type KeyRow = {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: KeyState;
  readonly publicJwk: JWK;
  readonly envelope: Buffer;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  readonly retiringAt: Date | null;
  readonly retiredAt: Date | null;
};

/** Those that sign first: whoever takes the first key of an algorithm takes the active one. */
export function findKeyRows(read: Reader, states: readonly KeyState[]): Promise<KeyRow[]> {
  return read.query<KeyRow>(
    `SELECT kid, alg, state, public_jwk AS "publicJwk", private_jwk_envelope AS envelope, created_at AS "createdAt",
            activated_at AS "activatedAt", retiring_at AS "retiringAt", retired_at AS "retiredAt"
     FROM signing_keys WHERE state = ANY ($1)
     ORDER BY array_position(ARRAY['active', 'next', 'retiring', 'retired'], state),
              array_position(ARRAY['RS256', 'ES256', 'EdDSA'], alg), created_at DESC, kid`,
    [states],
  );
}

export const MASTER_SECRET = 'master';
export const secretContext = (name: string): string => `secret:${name}`;

export async function findMasterEnvelope(read: Reader): Promise<Buffer | undefined> {
  const rows = await read.query<{ envelope: Buffer }>('SELECT envelope FROM secrets WHERE name = $1', [MASTER_SECRET]);
  return rows[0]?.envelope;
}

export type NewKeyRow = Pick<KeyRow, 'kid' | 'alg' | 'state' | 'publicJwk' | 'envelope'>;

export async function insertKeyRows(tx: Tx, rows: readonly NewKeyRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO signing_keys (kid, alg, state, public_jwk, private_jwk_envelope, created_at, activated_at)
     SELECT kid, alg, state, public_jwk, envelope, $6, CASE state WHEN 'active' THEN $6::timestamptz END
     FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[])
       AS made (kid, alg, state, public_jwk, envelope)`,
    [
      rows.map((row) => row.kid),
      rows.map((row) => row.alg),
      rows.map((row) => row.state),
      rows.map((row) => JSON.stringify(row.publicJwk)),
      rows.map((row) => row.envelope),
      tx.now,
    ],
  );
}
