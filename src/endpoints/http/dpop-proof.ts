import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { sha256 } from '../../kernel/crypto/derive.ts';

export type DpopCheck = {
  readonly proof: string;
  readonly token: string;
  /** RFC 9449 §6.1: the key the access token is bound to. */
  readonly jkt: string;
  readonly method: string;
  readonly url: string;
  readonly now: Date;
};

const OLDEST_PROOF_SECONDS = 300;
const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256', 'ES384'];

/** RFC 9449 §4.3. Answers the proof's `jti`, whose single use is the caller's to enforce; undefined when the proof does not hold. */
export async function checkDpopProof({ proof, token, jkt, method, url, now }: DpopCheck): Promise<string | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ALGORITHMS,
      maxTokenAge: OLDEST_PROOF_SECONDS,
      clockTolerance: 5,
      currentDate: now,
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    });
    if (protectedHeader.jwk === undefined) return undefined;
    const holds =
      payload.htm === method &&
      withoutQuery(String(payload.htu)) === withoutQuery(url) &&
      payload.ath === sha256(token).toString('base64url') &&
      (await calculateJwkThumbprint(protectedHeader.jwk, 'sha256')) === jkt;
    return holds && typeof payload.jti === 'string' ? payload.jti : undefined;
  } catch {
    return undefined;
  }
}

function withoutQuery(url: string): string | undefined {
  const parsed = URL.parse(url);
  return parsed === null ? undefined : `${parsed.origin}${parsed.pathname}`;
}
