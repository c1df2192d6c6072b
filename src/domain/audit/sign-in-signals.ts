import { widePrefix } from '../../kernel/network-prefix.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { smallestIdAt } from './search-audit.ts';

/** From where and when somebody signed in. */
export type SignInPlace = { readonly ipAddress: string; readonly at: Date };

/** What the log says of the time before a sign-in. */
export type SignInHistory = {
  /** They have signed in before, so that something can be new. */
  readonly hasSignedIn: boolean;
  /** The networks they signed in from: the /48 of IPv6, the /24 of IPv4. */
  readonly networks: ReadonlySet<string>;
  /** Wrong passwords and codes for them lately. */
  readonly wrongAnswers: number;
  /** A forgotten password or a lost factor was replaced lately. */
  readonly isRecovered: boolean;
};

const DAY_MS = 86_400_000;
const REMEMBERED_DAYS = 90;
const GUESSES_HOURS = 1;
const RECOVERY_DAYS = 1;
/** Nobody signs in from more networks than these tell of. */
const MOST_SIGN_INS = 200;

const SIGN_INS = /* sql */ `
  SELECT e.ip_address, e.occurred_at FROM audit_events e
  WHERE e.target_type = 'user' AND e.target_id = $1 AND e.type = 'sign-ins.succeeded' AND e.id >= $2 AND e.id < $3
    AND e.ip_address IS NOT NULL
  ORDER BY e.target_id DESC, e.id DESC`;

const HISTORY = /* sql */ `
  SELECT
    ARRAY(SELECT e.ip_address FROM audit_events e
      WHERE e.target_type = 'user' AND e.target_id = $1 AND e.type = 'sign-ins.succeeded' AND e.id >= $2 AND e.id < $3
      ORDER BY e.target_id DESC, e.id DESC LIMIT ${MOST_SIGN_INS}) AS addresses,
    (SELECT count(*)::int FROM audit_events e
      WHERE e.target_type = 'user' AND e.target_id = $1 AND e.type = 'sign-ins.refused' AND e.id >= $4
        AND e.reason IN ('wrong_password', 'wrong_code', 'used_code')) AS "wrongAnswers",
    EXISTS (SELECT FROM audit_events e
      WHERE e.target_type = 'user' AND e.target_id = $1 AND e.id >= $5
        AND e.type IN ('set-password-links.redeemed', 'factor-recoveries.completed', 'recovery-codes.used', 'accounts.taken-back'))
      AS "isRecovered"`;

/** Within the remembered time; served by `audit_events_of_person`. */
export async function findLatestSignIn(
  read: Reader,
  { userId, before }: { readonly userId: string; readonly before: Date },
): Promise<SignInPlace | undefined> {
  const since = new Date(before.getTime() - REMEMBERED_DAYS * DAY_MS);
  const [latest] = await read.query<SignInPlace>(
    `SELECT ip_address AS "ipAddress", occurred_at AS at FROM (${SIGN_INS} LIMIT 1) AS last`,
    [userId, smallestIdAt(since), smallestIdAt(before)],
  );
  return latest;
}

/** From where somebody signed in within the remembered time. */
export async function findSignInAddresses(
  read: Reader,
  { userId, before }: { readonly userId: string; readonly before: Date },
): Promise<readonly string[]> {
  const since = new Date(before.getTime() - REMEMBERED_DAYS * DAY_MS);
  const rows = await read.query<{ ipAddress: string }>(
    `SELECT DISTINCT ip_address AS "ipAddress" FROM (${SIGN_INS} LIMIT ${MOST_SIGN_INS}) AS lately`,
    [userId, smallestIdAt(since), smallestIdAt(before)],
  );
  return rows.map(({ ipAddress }) => ipAddress);
}

/** Served by `audit_events_of_person`. `before` is the moment of the sign-in, which is not part of its own history. */
export async function findSignInHistory(
  read: Reader,
  { userId, before }: { readonly userId: string; readonly before: Date },
): Promise<SignInHistory> {
  const idBefore = (milliseconds: number): string => smallestIdAt(new Date(before.getTime() - milliseconds));
  const [row] = await read.query<{ addresses: (string | null)[]; wrongAnswers: number; isRecovered: boolean }>(
    HISTORY,
    [
      userId,
      idBefore(REMEMBERED_DAYS * DAY_MS),
      idBefore(0),
      idBefore((GUESSES_HOURS * DAY_MS) / 24),
      idBefore(RECOVERY_DAYS * DAY_MS),
    ],
  );
  const addresses = row?.addresses ?? [];
  return {
    hasSignedIn: addresses.length > 0,
    networks: new Set(addresses.flatMap((address) => (address === null ? [] : [widePrefix(address)]))),
    wrongAnswers: row?.wrongAnswers ?? 0,
    isRecovered: row?.isRecovered ?? false,
  };
}
