import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { deriveReferenceKey, openReference, sealReference } from '../../kernel/crypto/sealed-reference.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RecordPayload } from './provider-record.ts';

/** What is read from a JWT access token of ours, as if it had been stored. */
export type JwtRecord = { readonly model: 'AccessToken' | 'ClientCredentials'; readonly payload: RecordPayload };

export type TokenToReference = {
  readonly kind: string;
  readonly grantId?: string | undefined;
  readonly sessionUid?: string | undefined;
  readonly expiresWithSession?: boolean | undefined;
};

export type SignedAccessTokens = {
  /** The private claim that ties a JWT to its grant and session: readable by us alone, valid in that token alone. */
  referenceFor(token: TokenToReference, jti: string): string;
  /** Signature, issuer and reference; neither its times nor whether it was revoked. */
  read(token: string): Promise<JwtRecord | undefined>;
};

export const REFERENCE_CLAIM = 'dw_ref';
const TYPES: ReadonlySet<unknown> = new Set(['at+jwt', 'JWT']);
const LONGEST_TOKEN = 16_384;
const NO_REFERENCE = Buffer.alloc(0);

type SigningKeys = Pick<KeyRing, 'current' | 'derive' | 'onChange'>;
type Reference = readonly [model: JwtRecord['model'], grantId: string, sessionUid: string];
type Claims = { readonly [name: string]: unknown };
type VerifyKey = Awaited<ReturnType<typeof importJWK>>;

/** JWT access tokens (RFC 9068) are never stored: what belongs to one is in it. */
export function createSignedAccessTokens({
  issuer,
  keyRing,
}: {
  issuer: string;
  keyRing: SigningKeys;
}): SignedAccessTokens {
  const referenceKey = deriveReferenceKey(keyRing.derive('token-reference'));
  const keyFor = createKeyFinder(keyRing);
  return {
    referenceFor({ kind, grantId = '', sessionUid = '', expiresWithSession }, jti) {
      // A client's own token has neither grant nor session: the tag alone says that it is an access token.
      if (kind === 'ClientCredentials') return sealReference(referenceKey, jti, NO_REFERENCE);
      const reference: Reference = ['AccessToken', grantId, expiresWithSession ? sessionUid : ''];
      return sealReference(referenceKey, jti, Buffer.from(JSON.stringify(reference)));
    },
    async read(token) {
      const claims = await verifiedClaims(keyFor, token);
      if (!claims || claims.iss !== issuer) return undefined;
      const { jti, exp, [REFERENCE_CLAIM]: sealed } = claims;
      if (typeof jti !== 'string' || typeof exp !== 'number' || typeof sealed !== 'string') return undefined;
      // Only access tokens carry the reference: an ID token signed by the same key is no access token.
      const reference = openReference(referenceKey, jti, sealed);
      if (!reference) return undefined;
      if (reference.length === 0) return recordFrom(claims, ['ClientCredentials', '', '']);
      return recordFrom(claims, JSON.parse(reference.toString('utf8')) as Reference);
    },
  };
}

/** Keys by kid, and only for the algorithm they were made for: the header chooses among our keys, never how they are used. */
function createKeyFinder(keyRing: SigningKeys) {
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
