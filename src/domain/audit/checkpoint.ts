import { CompactSign, compactVerify, errors, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import type { SigningKey } from '../keys/signing-key.ts';
import type { ChainLink } from './canonical-event.ts';

/** RFC 7515 §4.1.9: no token validator takes this for a token, and none of our tokens passes for it. */
const TYP = 'doorward-audit-checkpoint+jws';
const claims = z.object({ sequence: z.int().positive(), hash: z.string(), signedAt: z.iso.datetime() });

/** A row of `audit_checkpoints`: up to `sequence` the log is what it was at `signedAt`. */
export type Checkpoint = ChainLink & { readonly kid: string; readonly signature: string };

export async function signCheckpoint(key: SigningKey, { sequence, hash }: ChainLink, now: Date): Promise<string> {
  const payload = JSON.stringify({ sequence, hash: hash.toString('hex'), signedAt: now.toISOString() });
  const header = { alg: key.alg, kid: key.kid, typ: TYP };
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader(header)
    .sign(await importJWK(key.privateJwk, key.alg));
}

/** Public keys by kid, of retired keys too; from {@link findVerificationKeys}. */
export type CheckpointKeys = ReadonlyMap<string, JWK>;

/** Whether one of our keys signed exactly this row. */
export async function isSignedCheckpoint(keys: CheckpointKeys, checkpoint: Checkpoint): Promise<boolean> {
  const jwk = keys.get(checkpoint.kid);
  if (jwk?.alg === undefined) return false;
  try {
    const key = await importJWK(jwk, jwk.alg);
    const { payload, protectedHeader } = await compactVerify(checkpoint.signature, key, { algorithms: [jwk.alg] });
    const signed = claims.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
    return (
      protectedHeader.typ === TYP &&
      signed.sequence === checkpoint.sequence &&
      signed.hash === checkpoint.hash.toString('hex')
    );
  } catch (error) {
    // What an attacker wrote may be neither a JWS nor JSON; anything else is ours to hear of.
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof SyntaxError) return false;
    throw error;
  }
}
