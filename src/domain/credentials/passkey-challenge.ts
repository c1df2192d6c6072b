import { constantTimeEqual, keyedHash, randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { PasskeySettings } from './passkey-settings.ts';

/** As long as a sign-in under way lives: a page that was left open still works. */
const CHALLENGE_SECONDS = 60 * 60;
/** All in all 76 letters, which are whole bytes: a browser decodes the challenge and encodes it again. */
const TIME_LETTERS = 11;
const NONCE_LETTERS = 22;
const CHALLENGE = /^[0-9a-z]{11}[A-Za-z0-9_-]{65}$/;

/**
 * What a challenge counts for: this sign-in, or this person making a passkey within this session or sign-in. It is part of the seal, so that
 * nothing is kept for a page that is only looked at; that it counts once, `redeemChallenge` sees to.
 */
export type ChallengeScope = { readonly interaction: string } | { readonly userId: string; readonly within: string };

const scopeText = (scope: ChallengeScope): string =>
  'interaction' in scope ? `sign in\n${scope.interaction}` : `register\n${scope.userId}\n${scope.within}`;

/** base64url. WebAuthn §13.4.3 asks for 16 random bytes: there are 16. */
export function newChallenge({ challengeKey }: PasskeySettings, scope: ChallengeScope, now: Date): string {
  const body = now.getTime().toString(36).padStart(TIME_LETTERS, '0') + randomToken(16);
  return body + seal(challengeKey, scope, body);
}

const seal = (key: Uint8Array, scope: ChallengeScope, body: string): string =>
  keyedHash(key, `${scopeText(scope)}\n${body}`).toString('base64url');

/** Whether it is ours, fresh, and was made for this. */
export function isChallengeFor(
  { challengeKey }: PasskeySettings,
  { challenge, scope, now }: { challenge: string; scope: ChallengeScope; now: Date },
): boolean {
  if (!CHALLENGE.test(challenge)) return false;
  const body = challenge.slice(0, TIME_LETTERS + NONCE_LETTERS);
  if (!constantTimeEqual(challenge.slice(body.length), seal(challengeKey, scope, body))) return false;
  const age = now.getTime() - Number.parseInt(challenge.slice(0, TIME_LETTERS), 36);
  return age < CHALLENGE_SECONDS * 1000;
}

/** True for one answer to it alone: of many at once the database lets one through (SECURITY-LESSONS 34). */
export async function redeemChallenge(tx: Tx, challenge: string): Promise<boolean> {
  const rows = await tx.query(
    `WITH first AS (
       INSERT INTO replay_detections (key_hash, expires_at) VALUES ($1, $2)
       ON CONFLICT ON CONSTRAINT replay_detections_pkey DO NOTHING RETURNING key_hash)
     SELECT key_hash FROM first`,
    [sha256(`passkey challenge\n${challenge}`), new Date(tx.now.getTime() + CHALLENGE_SECONDS * 1000)],
  );
  return rows.length === 1;
}
