/**
 * Whether a person is let in, at one moment: the only place where that is said, once for TypeScript and once for SQL. It is
 * asked at use; no job has to run for a first or a last day to count.
 */
export const USER_STATUSES = ['staged', 'active', 'suspended', 'inactive'] as const;

/**
 * staged: not opened yet, by hand or on the day in `startsAt`. suspended: out for a while. inactive: gone.
 * All of the three are out at once and in every way; what differs is what was meant.
 */
export type UserStatus = (typeof USER_STATUSES)[number];

/** What is kept. The period includes its start and excludes its end. */
export type Standing = {
  readonly status: UserStatus;
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
};

export function isPersonInForce({ status, startsAt, endsAt }: Standing, at: Date): boolean {
  if (status !== 'active' && status !== 'staged') return false;
  const isOpen = startsAt === undefined ? status === 'active' : startsAt <= at;
  return isOpen && (endsAt === undefined || endsAt > at);
}

/** The same for a row of users; `at` is a parameter such as `$2`. */
export const personInForce = (at: string, users = 'users'): string =>
  `(${users}.status IN ('active', 'staged') AND coalesce(${users}.starts_at <= ${at}, ${users}.status = 'active')
    AND coalesce(${users}.ends_at > ${at}, true))`;

/** The same without a moment: whether there is one, within the period, at which they are in force. */
export const personMayBeInForce = (users = 'users'): string =>
  `(${users}.status = 'active' OR (${users}.status = 'staged' AND ${users}.starts_at IS NOT NULL))`;

/** Whether there may be a moment at which they are out: the condition of the index of those. */
export const personMayBeOut = (users = 'users'): string =>
  `(${users}.status <> 'active' OR ${users}.starts_at IS NOT NULL OR ${users}.ends_at IS NOT NULL)`;

/** The status to show: a day that has come counts. */
export function statusAt(standing: Standing, at: Date): UserStatus {
  if (isPersonInForce(standing, at)) return 'active';
  const { status, endsAt } = standing;
  if (status === 'suspended' || status === 'inactive') return status;
  return endsAt !== undefined && endsAt <= at ? 'inactive' : 'staged';
}

/** As {@link statusAt}. */
export const personStatus = (at: string, users = 'users'): string =>
  `CASE WHEN ${personInForce(at, users)} THEN 'active' WHEN ${users}.status IN ('suspended', 'inactive') THEN ${users}.status
    WHEN ${users}.ends_at <= ${at} THEN 'inactive' ELSE 'staged' END`;
