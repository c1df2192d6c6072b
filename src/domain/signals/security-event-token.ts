import { importJWK, SignJWT } from 'jose';
import type { SigningKey } from '../keys/signing-key.ts';
import type { SignalPayload, SubjectId } from './signal-events.ts';

export type EventMessage = { readonly id: string; readonly createdAt: Date; readonly payload: SignalPayload };

export type SigningFacts = {
  readonly issuer: string;
  /** The client whose stream it is. */
  readonly audience: string;
  readonly key: SigningKey;
};

/**
 * RFC 8417, SSF §4: one event, its subject beside it in `sub_id`, no `sub` and no `exp`. The id is the message's and the time is
 * when it happened, however often and late it is sent.
 */
export async function securityEventToken(
  { id, createdAt, payload }: EventMessage,
  { issuer, audience, key }: SigningFacts,
): Promise<string> {
  const { transaction: txn } = payload;
  return new SignJWT({
    sub_id: subjectOf(payload, issuer),
    events: { [payload.event]: payload.claims },
    ...(txn === undefined ? {} : { txn }),
  })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'secevent+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(id)
    .setIssuedAt(Math.floor(createdAt.getTime() / 1000))
    .sign(await importJWK(key.privateJwk, key.alg));
}

function subjectOf({ streamId, userId, subject, sessionId }: SignalPayload, issuer: string): SubjectId {
  if (userId === undefined) return subject ?? { format: 'opaque', id: streamId };
  const user = subject ?? { format: 'iss_sub', iss: issuer, sub: userId };
  if (sessionId === undefined) return user;
  return { format: 'complex', user, session: { format: 'opaque', id: sessionId } };
}
