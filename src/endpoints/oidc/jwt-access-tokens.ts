import type pg from 'pg';
import { Batch } from '../../domain/sessions/batch.ts';
import {
  createSignedAccessTokens,
  type JwtRecord,
  type SignedAccessTokens,
} from '../../domain/sessions/signed-access-tokens.ts';
import { sha256 } from '../../kernel/crypto/derive.ts';
import type { ProviderHostParts } from './parts.ts';
import type { ShownJwt } from './request-scope.ts';

export type JwtAccessTokens = Pick<SignedAccessTokens, 'referenceFor'> & {
  /** Signature, issuer, times and revocation; what the library would have found had the token been stored. */
  verify(token: string): Promise<JwtRecord | undefined>;
  find(shown: ShownJwt, model: string): Promise<JwtRecord['payload'] | undefined>;
  /** True when `id` was the JWT shown: it is on the list of revoked ids until it expires. */
  revoke(shown: ShownJwt, model: string, id: string): Promise<boolean>;
};

export type JwtAccessTokenParts = Pick<ProviderHostParts, 'issuer' | 'keyRing' | 'pool' | 'clock'>;

/** JWT access tokens (RFC 9068) are never stored; they can be introspected (RFC 7662) and revoked (RFC 7009) all the same. */
export function createJwtAccessTokens({ issuer, keyRing, pool, clock }: JwtAccessTokenParts): JwtAccessTokens {
  const signed = createSignedAccessTokens({ issuer, keyRing });
  const revocations = createRevocationList(pool);

  const verify = async (token: string): Promise<JwtRecord | undefined> => {
    const record = await signed.read(token);
    if (!record || Number(record.payload.exp) * 1000 <= clock.now().getTime()) return undefined;
    return (await revocations.has(String(record.payload.jti))) ? undefined : record;
  };

  return {
    referenceFor: signed.referenceFor,
    verify,
    async find(shown, model) {
      shown.verified ??= verify(shown.token);
      const record = await shown.verified;
      return record?.model === model ? record.payload : undefined;
    },
    async revoke(shown, model, id) {
      const record = await shown.verified;
      if (record?.model !== model || record.payload.jti !== id) return false;
      await revocations.add(id, Number(record.payload.exp));
      return true;
    },
  };
}

function createRevocationList(pool: pg.Pool) {
  const lookups = new Batch<string, boolean>(async (jtis) => {
    const hashes = jtis.map((jti) => sha256(jti));
    const { rows } = await pool.query<{ jti_hash: Buffer }>({
      name: 'revoked-access-tokens-find',
      text: 'SELECT jti_hash FROM revoked_access_tokens WHERE jti_hash = ANY($1::bytea[])',
      values: [hashes],
    });
    const revoked = new Set(rows.map((row) => row.jti_hash.toString('latin1')));
    return hashes.map((hash) => revoked.has(hash.toString('latin1')));
  });
  return {
    has: (jti: string): Promise<boolean> => lookups.run(jti),
    async add(jti: string, exp: number): Promise<void> {
      await pool.query({
        name: 'revoked-access-tokens-add',
        text: `INSERT INTO revoked_access_tokens (jti_hash, expires_at) VALUES ($1, to_timestamp($2))
               ON CONFLICT ON CONSTRAINT revoked_access_tokens_pkey DO NOTHING`,
        values: [sha256(jti), exp],
      });
    },
  };
}
