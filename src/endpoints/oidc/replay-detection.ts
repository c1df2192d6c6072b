import type pg from 'pg';
import { sha256 } from '../../kernel/crypto/derive.ts';

/**
 * RFC 7523 §3 and RFC 9449 §11.1: true for the first presentation alone. The library looks first and saves after; here the
 * database decides, one statement a presentation, never through a batch that would take two of them for one.
 */
export function createReplayDetection(pool: pg.Pool) {
  return async (issuer: string, jti: string, expiresAtSeconds: number): Promise<boolean> => {
    const { rowCount } = await pool.query({
      name: 'replay-detections-add',
      text: `INSERT INTO replay_detections (key_hash, expires_at) VALUES ($1, to_timestamp($2))
             ON CONFLICT ON CONSTRAINT replay_detections_pkey DO NOTHING`,
      values: [sha256(JSON.stringify([issuer, jti])), expiresAtSeconds],
    });
    return rowCount === 1;
  };
}
