import { sha256 } from '../../kernel/crypto/derive.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** What a link is for: one for one thing opens no other (SECURITY-LESSONS 11). */
export type LinkPurpose =
  | 'set_password'
  | 'verify_email'
  | 'not_me'
  | 'stop_factor_recovery'
  | 'finish_factor_recovery';

/** How the log calls them. */
const nouns = {
  set_password: 'set-password-links',
  verify_email: 'verify-email-links',
  not_me: 'not-me-links',
  stop_factor_recovery: 'factor-recovery-links',
  finish_factor_recovery: 'factor-recovery-links',
} as const;

export type ValidLink = {
  readonly userId: string;
  /** The address the link was mailed to, which whoever opens it has; null for one that was handed over. */
  readonly addressKey: string | null;
};

/** Whoever has lost an address since a link went there has lost the link: it may have been a typing mistake, or stolen. */
const STILL_THEIRS = /* sql */ `(address_key IS NULL OR EXISTS (
  SELECT FROM user_emails theirs WHERE theirs.user_id = one_time_links.user_id AND theirs.value_key = address_key))`;

type Presented = { readonly token: string; readonly purpose: LinkPurpose };

/** Whose valid link this is, without using it up: showing the form must not end the link. */
export async function findLink(
  read: Reader,
  { token, purpose, now }: Presented & { readonly now: Date },
): Promise<ValidLink | undefined> {
  const [row] = await read.query<ValidLink>(
    `SELECT user_id AS "userId", address_key AS "addressKey" FROM one_time_links
     WHERE token_hash = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3 AND ${STILL_THEIRS}`,
    [sha256(token), purpose, now],
  );
  return row;
}

export type LinkOutcome =
  | ({ readonly outcome: 'redeemed' } & ValidLink)
  /** `reason` is for the audit log; the person is told the same for all. */
  | { readonly outcome: 'refused'; readonly reason: 'unknown' | 'used' | 'expired' | 'address_gone' };

/** Uses a link up: of many at once, one wins. A refusal is a value, so that its record is kept. */
export async function consumeLink(tx: Tx, { token, purpose }: Presented): Promise<LinkOutcome> {
  const tokenHash = sha256(token);
  const [won] = await tx.query<ValidLink>(
    `WITH used AS (
       UPDATE one_time_links SET consumed_at = $3
       WHERE token_hash = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3 AND ${STILL_THEIRS}
       RETURNING user_id, address_key)
     SELECT user_id AS "userId", address_key AS "addressKey" FROM used`,
    [tokenHash, purpose, tx.now],
  );
  if (won) {
    tx.record({ type: `${nouns[purpose]}.redeemed`, target: { type: 'user', id: won.userId } });
    return { outcome: 'redeemed', ...won };
  }
  const [known] = await tx.query<{ userId: string; reason: 'used' | 'expired' | 'address_gone' }>(
    `SELECT user_id AS "userId", CASE WHEN consumed_at IS NOT NULL THEN 'used' WHEN expires_at <= $3 THEN 'expired'
       ELSE 'address_gone' END AS reason
     FROM one_time_links WHERE token_hash = $1 AND purpose = $2`,
    [tokenHash, purpose, tx.now],
  );
  const reason = known?.reason ?? 'unknown';
  tx.record({
    type: `${nouns[purpose]}.refused`,
    outcome: 'refused',
    reason: `credentials.link_${reason}`,
    ...(known === undefined ? {} : { target: { type: 'user', id: known.userId } }),
  });
  return { outcome: 'refused', reason };
}
