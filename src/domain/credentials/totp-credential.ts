import { EnvelopeError } from '../../kernel/crypto/envelope.ts';
import { conflict } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { totpContext } from '../keys/rewrap-keys.ts';
import type { SecondFactorSecrets } from './second-factor-secrets.ts';
import { matchingStep } from './totp.ts';

const ENROLMENT_SECONDS = 30 * 60;
const TIME_BYTES = 6;

/**
 * A seed that was offered and is not anybody's factor yet travels with the form, sealed for this person in this session:
 * nothing half-done is kept here. The person sees the seed; the seal says that it is ours, and fresh.
 */
export function sealOffer(
  { seal }: SecondFactorSecrets,
  { seed, userId, sessionUid, now }: { seed: Uint8Array; userId: string; sessionUid: string; now: Date },
): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(now.getTime(), 0, TIME_BYTES);
  return seal(Buffer.concat([time, seed]), offerContext(userId, sessionUid)).toString('base64url');
}

/** Undefined for one that is too old, or made for somebody or somewhere else. */
export function openOffer(
  { open }: SecondFactorSecrets,
  { offer, userId, sessionUid, now }: { offer: string; userId: string; sessionUid: string; now: Date },
): Buffer | undefined {
  try {
    const bytes = open(Buffer.from(offer, 'base64url'), offerContext(userId, sessionUid));
    const isFresh = now.getTime() - bytes.readUIntBE(0, TIME_BYTES) < ENROLMENT_SECONDS * 1000;
    return isFresh ? bytes.subarray(TIME_BYTES) : undefined;
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

const offerContext = (userId: string, sessionUid: string): string => `totp_offer:${userId}:${sessionUid}`;

/**
 * Makes the seed this person's factor, its confirming code used up. Throws conflict `credentials.totp_exists`: one that is
 * there is taken away first, which asks for more.
 */
export async function insertTotp(
  tx: Tx,
  { seal }: SecondFactorSecrets,
  { userId, seed, step }: { userId: string; seed: Uint8Array; step: number },
): Promise<void> {
  const rows = await tx.query(
    `WITH made AS (
       INSERT INTO totp_credentials (user_id, envelope, last_step, created_at, last_used_at) VALUES ($1, $2, $3, $4, $4)
       ON CONFLICT ON CONSTRAINT totp_credentials_pkey DO NOTHING RETURNING user_id)
     SELECT user_id FROM made`,
    [userId, seal(seed, totpContext(userId)), step, tx.now],
  );
  if (rows.length === 0) throw conflict('credentials.totp_exists', { detail: 'there is an authenticator app already' });
}

/** Whether there was one. */
export async function deleteTotp(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx.query(
    'WITH gone AS (DELETE FROM totp_credentials WHERE user_id = $1 RETURNING user_id) SELECT user_id FROM gone',
    [userId],
  );
  return rows.length === 1;
}

export type CodeUse = 'accepted' | 'wrong_code' | 'used_code';

/** Uses a code up. RFC 6238 §5.2: a step counts once, and none before it; of many at once the database lets one through. */
export async function useTotpCode(
  tx: Tx,
  { open }: SecondFactorSecrets,
  { userId, code }: { userId: string; code: string },
): Promise<CodeUse> {
  const [row] = await tx.query<{ envelope: Buffer }>('SELECT envelope FROM totp_credentials WHERE user_id = $1', [
    userId,
  ]);
  const step = row && matchingStep(open(row.envelope, totpContext(userId)), code, tx.now);
  if (step === undefined) return 'wrong_code';
  const rows = await tx.query(
    `WITH used AS (
       UPDATE totp_credentials SET last_step = $2, last_used_at = $3 WHERE user_id = $1 AND last_step < $2 RETURNING user_id)
     SELECT user_id FROM used`,
    [userId, step, tx.now],
  );
  return rows.length === 1 ? 'accepted' : 'used_code';
}
