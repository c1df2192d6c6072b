import type { RiskLevel } from './sign-in-risk.ts';

/** What is known of one sign-in. Undefined: not known, as at a refresh, where nobody is there to be looked at. */
export type SignInFacts = {
  readonly clientId: string;
  /** Those that manage the account or have the application, and all above them. */
  readonly organizationIds: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly ipAddress: string | undefined;
  readonly knownBrowser: boolean | undefined;
  readonly risk: RiskLevel | undefined;
  readonly signedInSecondsAgo: number | undefined;
};
