import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type pg from 'pg';
import { Batch } from '../../domain/sessions/batch.ts';
import { sha256 } from '../../kernel/crypto/derive.ts';
import { deriveReferenceKey, openReference, sealReference } from '../../kernel/crypto/sealed-reference.ts';
import type { ProviderHostParts } from './parts.ts';
import type { JwtRecord, ShownJwt } from './request-scope.ts';

export type JwtAccessTokens = {
  /** The private claim that ties a JWT to its grant and session: readable by us alone, valid in that token alone. */
  referenceFor(token: TokenToReference, jti: string): string;
  /** Signature, issuer, times and revocation; what the library would have found had the token been stored. */
  verify(token: string): Promise<JwtRecord | undefined>;
  find(shown: ShownJwt, model: string): Promise<JwtRecord['payload'] | undefined>;
  /** True when `id` was the JWT shown: it is on the list of revoked ids until it expires. */
  revoke(shown: ShownJwt, model: string, id: string): Promise<boolean>;
};

export type TokenToReference = {
  readonly kind: string;
  readonly grantId?: string | undefined;
  readonly sessionUid?: string | undefined;
  readonly expiresWithSession?: boolean | undefined;
};

export type JwtAccessTokenParts = Pick<ProviderHostParts, 'issuer' | 'keyRing' | 'pool' | 'clock'>;

export const REFERENCE_CLAIM = 'dw_ref';
const TYPES: ReadonlySet<unknown> = new Set(['at+jwt', 'JWT']);
const LONGEST_TOKEN = 16_384;
const NO_REFERENCE = Buffer.alloc(0);

type Reference = readonly [model: JwtRecord['model'], grantId: string, sessionUid: string];
type Claims = { readonly [name: string]: unknown };
type VerifyKey = Awaited<ReturnType<typeof importJWK>>;

/** JWT access tokens (RFC 9068) are never stored; they can be introspected (RFC 7662) and revoked (RFC 7009) all the same. */
export function createJwtAccessTokens({ issuer, keyRing, pool, clock }: JwtAccessTokenParts): JwtAccessTokens {
  const referenceKey = deriveReferenceKey(keyRing.derive('token-reference'));
  const revocations = createRevocationList(pool);
  const keyFor = createKeyFinder(keyRing);

  const verify = async (token: string): Promise<JwtRecord | undefined> => {
    const claims = await verifiedClaims(keyFor, token);
    if (!claims || claims.iss !== issuer) return undefined;
    const { jti, exp, [REFERENCE_CLAIM]: sealed } = claims;
    if (typeof jti !== 'string' || typeof exp !== 'number' || typeof sealed !== 'string') return undefined;
    if (exp * 1000 <= clock.now().getTime()) return undefined;
    // Only access tokens carry the reference: an ID token signed by the same key is no access token.
    const reference = openReference(referenceKey, jti, sealed);
    if (!reference || (await revocations.has(jti))) return undefined;
    if (reference.length === 0) return recordFrom(claims, ['ClientCredentials', '', '']);
    return recordFrom(claims, JSON.parse(reference.toString('utf8')) as Reference);
  };

  return {
    referenceFor({ kind, grantId = '', sessionUid = '', expiresWithSession }, jti) {
      // A client's own token has neither grant nor session: the tag alone says that it is an access token.
      if (kind === 'ClientCredentials') return sealReference(referenceKey, jti, NO_REFERENCE);
      const reference: Reference = ['AccessToken', grantId, expiresWithSession ? sessionUid : ''];
      return sealReference(referenceKey, jti, Buffer.from(JSON.stringify(reference)));
    },
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

/** Keys by kid, and only for the algorithm they were made for: the header chooses among our keys, never how they are used. */
function createKeyFinder(keyRing: JwtAccessTokenParts['keyRing']) {
  const imported = new Map<string, Promise<VerifyKey>>();
  keyRing.onChange(() => imported.clear());
  return (kid: unknown, alg: unknown): Promise<VerifyKey> | undefined => {
    const known = keyRing.current().signing.find((one) => one.kid === kid && one.alg === alg);
    if (!known) return undefined;
    const key = imported.get(known.kid) ?? Promise.resolve(importJWK(known.publicJwk, known.alg));
    imported.set(known.kid, key);
    return key;
  };
}

async function verifiedClaims(keyFor: ReturnType<typeof createKeyFinder>, token: string): Promise<Claims | undefined> {
  if (token.length > LONGEST_TOKEN) return undefined;
  try {
    const { kid, alg, typ } = decodeProtectedHeader(token);
    const key = TYPES.has(typ) ? await keyFor(kid, alg) : undefined;
    if (!key || alg === undefined) return undefined;
    const { payload } = await compactVerify(token, key, { algorithms: [alg] });
    const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

const STANDARD: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'scope', 'client_id', 'cnf', 'authorization_details'],
  REFERENCE_CLAIM,
]);

function recordFrom(claims: Claims, [model, grantId, sessionUid]: Reference): JwtRecord {
  const cnf = typeof claims.cnf === 'object' && claims.cnf !== null ? { ...claims.cnf } : {};
  const payload = {
    kind: model,
    jti: claims.jti,
    iat: claims.iat,
    exp: claims.exp,
    aud: claims.aud,
    scope: claims.scope,
    clientId: claims.client_id,
    extra: Object.fromEntries(Object.entries(claims).filter(([name]) => !STANDARD.has(name))),
    ...cnf,
    ...(model === 'AccessToken' ? { accountId: claims.sub } : {}),
    ...(grantId === '' ? {} : { grantId }),
    ...(sessionUid === '' ? {} : { sessionUid, expiresWithSession: true }),
  };
  return { model, payload };
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
