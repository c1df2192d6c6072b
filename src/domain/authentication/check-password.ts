import type pg from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import { DomainError } from '../../kernel/errors.ts';
import { widePrefix } from '../../kernel/network-prefix.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { EmailSignInSettings } from '../credentials/email-sign-ins.ts';
import type { Place } from '../credentials/fair-line.ts';
import type { PasskeySettings } from '../credentials/passkey-settings.ts';
import type { PasswordHashing } from '../credentials/password-hash.ts';
import type { PasswordRulesFor } from '../credentials/password-rules.ts';
import type { SecondFactorSecrets } from '../credentials/second-factor-secrets.ts';
import type { KeepSignIn } from './keep-sign-in.ts';
import { type DeviceTokens, deviceHashes } from './known-devices.ts';
import { reserveAttempt, type SignInAccount } from './sign-in-account.ts';
import type { DeviceThrottleKey, Reservation, Throttle } from './throttle.ts';
import type { FindPlace } from './travel.ts';

export type AuthenticationParts = {
  readonly read: Reader;
  readonly transact: Transact;
  /** For the named statements that every sign-in runs. */
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly hashing: PasswordHashing;
  readonly throttle: Throttle;
  readonly clock: Clock;
  /** Derived for purpose 'throttle': names that belong to nobody are recorded only as a hash under it. */
  readonly throttleKey: Uint8Array;
  readonly secondFactors: SecondFactorSecrets;
  /** Undefined where browsers make none: an issuer on a bare address. */
  readonly passkeys?: PasskeySettings | undefined;
  /** Undefined where nobody signs in by a mailbox. */
  readonly emailSignIn?: EmailSignInSettings | undefined;
  /** How long a browser in which a second factor was given may be trusted; never where there is none. */
  readonly trustedDeviceDays?: number | undefined;
  /** What the policies ask of a new password; without, what nobody may go below. */
  readonly passwordRulesFor?: PasswordRulesFor | undefined;
  /** Undefined where nobody knows where addresses are. */
  readonly findPlace?: FindPlace | undefined;
  /** Counts sign-ins by result; never awaited. */
  readonly observe?: (result: 'signed_in' | 'refused' | 'throttled' | 'busy') => void;
};

export type PasswordAttempt = {
  /** As typed. */
  readonly userName: string;
  readonly password: string;
  /** What the client address is counted by: the /64 of IPv6, the address of IPv4 (SECURITY-LESSONS 27). */
  readonly networkPrefix: string;
  readonly deviceTokens: DeviceTokens;
  /** The application asks for both: that the browser is trusted is not enough. */
  readonly wantsTwoFactors?: boolean;
  readonly keep?: KeepSignIn;
  /** A sum was done in place of waiting for others behind the same address. */
  readonly hasWorked?: boolean;
};

/** The real reason, for the audit log alone. */
export type RefusalReason = 'unknown_user' | 'no_password' | 'wrong_password' | 'inactive' | 'changed_meanwhile';

export type PasswordCheck =
  | {
      readonly kind: 'right';
      readonly account: SignInAccount;
      readonly needsUpgrade: boolean;
      readonly reservation: Extract<Reservation, { kind: 'admitted' }>;
    }
  | { readonly kind: 'wrong'; readonly account: SignInAccount | undefined; readonly reason: RefusalReason }
  | {
      readonly kind: 'throttled';
      readonly account: SignInAccount | undefined;
      readonly retryAfterSeconds: number;
    }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number };

/**
 * Whom the name means → is an attempt allowed → is it their password. The same steps and the same hashing whatever the
 * answer is: an unknown name, a person without a password and an inactive person cost what a wrong password costs
 * (SECURITY-LESSONS 21). Counted before the hash; the caller refunds what was no failure.
 */
export async function checkPassword(parts: AuthenticationParts, attempt: PasswordAttempt): Promise<PasswordCheck> {
  const { throttle, hashing } = parts;
  const devices = deviceHashes(attempt.deviceTokens);
  const { account, reservation } = await reserveAttempt(
    throttle,
    { typedName: attempt.userName, deviceHashes: devices },
    throttleKeys(attempt, devices),
  );
  if (reservation.kind === 'throttled') return { ...reservation, account };
  try {
    // An inactive person's hash is not looked at: a right password on it must not answer faster than a wrong one.
    const comparable = account?.active ? account.passwordHash : undefined;
    const verdict = await hashing.verifyPassword(comparable, attempt.password, placeInLine(attempt, account));
    const reason = refusalReason(account, verdict.matches);
    if (reason || !account) return { kind: 'wrong', account, reason: reason ?? 'unknown_user' };
    return { kind: 'right', account, needsUpgrade: verdict.needsUpgrade, reservation };
  } catch (error) {
    await throttle.refund(reservation.keys);
    if (!(error instanceof DomainError) || error.kind !== 'limited') throw error;
    return { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds ?? 1 };
  }
}

/** A known device of the person counts for itself; any other browser by name and address. */
function throttleKeys(
  { userName, networkPrefix, hasWorked = false }: PasswordAttempt,
  devices: readonly Buffer[],
): readonly DeviceThrottleKey[] {
  // The typed name, not whom it means: a name and an address sharing one counter would tell that they are one person.
  const name = comparisonKey(userName);
  return [
    { scope: 'accountFromNetwork', value: `${networkPrefix}\n${name}`, device: undefined },
    { scope: 'account', value: name, device: undefined },
    { scope: hasWorked ? 'networkWithWork' : 'network', value: networkPrefix, device: undefined },
    ...devices.map((device) => ({ scope: 'knownDevice', value: device.toString('base64url'), device }) as const),
  ];
}

/** Whose browser is known waits apart from strangers, and those wait by network: a flood from one is felt by that one. */
function placeInLine({ networkPrefix }: PasswordAttempt, account: SignInAccount | undefined): Place {
  return account?.knownDevice ? ['known', account.id] : ['strangers', widePrefix(networkPrefix), networkPrefix];
}

function refusalReason(account: SignInAccount | undefined, matches: boolean): RefusalReason | undefined {
  if (!account) return 'unknown_user';
  if (!account.active) return 'inactive';
  if (account.passwordHash === undefined) return 'no_password';
  return matches ? undefined : 'wrong_password';
}

/** What the log may hold of a name that belongs to nobody: people type their passwords there. */
export const unknownNameHash = (key: Uint8Array, userName: string): string =>
  keyedHash(key, `unknown name\n${comparisonKey(userName)}`)
    .toString('base64url')
    .slice(0, 22);
