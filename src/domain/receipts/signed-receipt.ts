import { errors, FlattenedSign, flattenedVerify, importJWK, type JWK } from 'jose';
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { isOpenTarget, type Receipt, type ReceiptTarget } from './receipt.ts';

/** RFC 7515 §4.1.9: no token validator takes this for a token, and none of our tokens passes for it. */
const TYP = 'doorward-deprovisioning-receipt+jws';

/** What is signed, and shown: the receipt as it stands, without names of people. */
export type ReceiptStatement = { readonly [name: string]: CanonicalValue };

export type SignedReceipt = ReceiptStatement & {
  readonly signature: {
    readonly alg: string;
    readonly kid: string;
    /** RFC 7515 appendix F: the payload is the RFC 8785 form of all other members. */
    readonly jws: string;
  };
};

export type StatementFacts = {
  readonly issuer: string;
  /** When it stood like this. */
  readonly asOf: Date;
};

export function receiptStatement(receipt: Receipt, { issuer, asOf }: StatementFacts): ReceiptStatement {
  const isOpen = receipt.targets.some(isOpenTarget);
  return {
    issuer,
    id: receipt.id,
    userId: receipt.userId,
    cause: receipt.cause,
    actor: { type: receipt.actorType, id: receipt.actorId },
    requestId: receipt.requestId,
    createdAt: receipt.createdAt.toISOString(),
    status: isOpen ? 'open' : 'complete',
    asOf: asOf.toISOString(),
    targets: receipt.targets.map(describeTarget),
  };
}

function describeTarget(target: ReceiptTarget): CanonicalValue {
  const { note, ended, sid, tokensEndBy } = target.details;
  return {
    kind: target.kind,
    id: target.id,
    name: target.name,
    sent: target.sent,
    state: target.state,
    ...(ended === undefined ? {} : { ended }),
    ...(sid === undefined ? {} : { sid }),
    ...(note === undefined ? {} : { note }),
    ...(tokensEndBy === undefined ? {} : { tokensEndBy }),
    ...(target.messageId === null ? {} : deliveryOf(target)),
  };
}

function deliveryOf(target: ReceiptTarget): { readonly [name: string]: CanonicalValue } {
  return {
    messageId: target.messageId,
    attempts: target.attempts,
    firstAttemptAt: target.firstAttemptAt?.toISOString() ?? null,
    lastAttemptAt: target.lastAttemptAt?.toISOString() ?? null,
    settledAt: target.settledAt?.toISOString() ?? null,
    answer: target.answerStatus === null ? null : { status: target.answerStatus, excerpt: target.answerExcerpt },
    error: target.error,
  };
}

const bytesOf = (statement: ReceiptStatement): Buffer => Buffer.from(canonicalJson(statement));

/** A detached JWS over a statement: `header..signature`. */
export async function signStatement(key: SigningKey, statement: ReceiptStatement): Promise<string> {
  const jws = await new FlattenedSign(bytesOf(statement))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: TYP })
    .sign(await importJWK(key.privateJwk, key.alg));
  return `${jws.protected}..${jws.signature}`;
}

/** Public keys by kid, of retired keys too; from `findVerificationKeys`. */
export type ReceiptKeys = ReadonlyMap<string, JWK>;

/** Whether one of our keys signed exactly this. */
export async function isSignedStatement(
  keys: ReceiptKeys,
  { signature, ...statement }: SignedReceipt,
): Promise<boolean> {
  const jwk = keys.get(signature.kid);
  const [header, payload, value, ...rest] = signature.jws.split('.');
  if (jwk?.alg === undefined || header === undefined || value === undefined || payload !== '' || rest.length > 0)
    return false;
  try {
    const { protectedHeader } = await flattenedVerify(
      { protected: header, payload: bytesOf(statement).toString('base64url'), signature: value },
      await importJWK(jwk, jwk.alg),
      { algorithms: [jwk.alg] },
    );
    return protectedHeader?.typ === TYP && protectedHeader.kid === signature.kid;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

/** A complete receipt with the signature it got then; an open one is signed as it stands now. */
export async function signedReceipt(
  receipt: Receipt,
  { issuer, key, now }: { issuer: string; key: SigningKey; now: Date },
): Promise<SignedReceipt> {
  const { kid, signature } = receipt;
  if (receipt.statement !== null && kid !== null && signature !== null) {
    const signed = JSON.parse(receipt.statement) as ReceiptStatement;
    return { ...signed, signature: { alg: algOf(signature), kid, jws: signature } };
  }
  const statement = receiptStatement(receipt, { issuer, asOf: now });
  return { ...statement, signature: { alg: key.alg, kid: key.kid, jws: await signStatement(key, statement) } };
}

const algOf = (jws: string): string => {
  const [header = ''] = jws.split('.');
  return String((JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { alg?: unknown }).alg);
};
