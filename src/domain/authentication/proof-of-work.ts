import { constantTimeEqual, keyedHash, randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import type { AuthenticationParts } from './check-password.ts';

/**
 * A sum that takes a browser about a second: SHA-256 over the challenge and a number has so many zero bits in front. Whoever has
 * done it need not wait for the others behind their address; what is counted for a name counts all the same.
 */
export const WORK_BITS = 16;

/** Time enough to type again what was refused. */
const LIFETIME_SECONDS = 10 * 60;
const TIME_LETTERS = 11;
const NONCE_LETTERS = 22;
const CHALLENGE = /^[0-9a-z]{11}[\w-]{65}$/;
const ANSWER = /^\d{1,12}$/;

/** What it is for: this sign-in, from this network. */
export type WorkScope = { readonly interaction: string; readonly networkPrefix: string };
type Parts = Pick<AuthenticationParts, 'pool' | 'clock' | 'throttle' | 'throttleKey'>;

const seal = (key: Uint8Array, { interaction, networkPrefix }: WorkScope, body: string): string =>
  keyedHash(key, `proof of work\n${interaction}\n${networkPrefix}\n${body}`).toString('base64url');

/** A challenge, where the network is what has to wait; undefined where work would not help. Nothing is kept for it. */
export async function offerWork(
  { throttle, throttleKey, clock }: Parts,
  scope: WorkScope,
): Promise<string | undefined> {
  const probe = await throttle.reserve([{ scope: 'network', value: scope.networkPrefix }]);
  if (probe.kind === 'admitted') {
    await throttle.refund(probe.keys);
    return undefined;
  }
  const body = clock.now().getTime().toString(36).padStart(TIME_LETTERS, '0') + randomToken(16);
  return body + seal(throttleKey, scope, body);
}

/** Whether the work was done, for this, lately, and is shown for the first time. */
export async function redeemWork(
  { pool, clock, throttleKey }: Parts,
  { challenge, answer, scope }: { readonly challenge: string; readonly answer: string; readonly scope: WorkScope },
): Promise<boolean> {
  if (!CHALLENGE.test(challenge) || !ANSWER.test(answer)) return false;
  const body = challenge.slice(0, TIME_LETTERS + NONCE_LETTERS);
  if (!constantTimeEqual(challenge.slice(body.length), seal(throttleKey, scope, body))) return false;
  const now = clock.now();
  const age = now.getTime() - Number.parseInt(body.slice(0, TIME_LETTERS), 36);
  if (age >= LIFETIME_SECONDS * 1000 || leadingZeros(sha256(`${challenge}.${answer}`)) < WORK_BITS) return false;
  const { rows } = await pool.query(
    `INSERT INTO replay_detections (key_hash, expires_at) VALUES ($1, $2)
     ON CONFLICT ON CONSTRAINT replay_detections_pkey DO NOTHING RETURNING key_hash`,
    [sha256(`proof of work\n${challenge}`), new Date(now.getTime() + LIFETIME_SECONDS * 1000)],
  );
  return rows.length === 1;
}

export function leadingZeros(bytes: Uint8Array): number {
  const place = bytes.findIndex((byte) => byte !== 0);
  return place === -1 ? bytes.length * 8 : place * 8 + Math.clz32(bytes[place] ?? 0) - 24;
}
