import type { Clock } from '../../kernel/clock.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { AccessLookup } from '../access/access-lookup.ts';
import { findSignInHistory } from '../audit/sign-in-signals.ts';
import { type DeviceTokens, deviceHashes } from '../authentication/known-devices.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { findSecondFactors } from '../credentials/second-factors.ts';
import { organizationsAbove } from '../organizations/organizations-in-reach.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import {
  evaluatePolicies,
  type Missing,
  missingOf,
  type PolicyReading,
  type SignedIn,
  UNRESTRICTED,
  type Verdict,
} from './evaluate-policies.ts';
import { findOutstanding, NOTHING_OUTSTANDING, type Outstanding } from './outstanding.ts';
import type { PolicyLookup } from './policy-lookup.ts';
import type { Conditions } from './policy-rule.ts';
import type { SignInFacts } from './sign-in-facts.ts';
import { type Risk, type RiskLevel, riskOf } from './sign-in-risk.ts';

export type SignInToDecide = {
  readonly userId: string;
  readonly clientId: string;
  /** The tokens that are asked for are for it. */
  readonly organizationId?: string | undefined;
  /** Undefined where the person is not there: at a refresh. */
  readonly ipAddress?: string | undefined;
  /** What their browser holds, or what is assumed of it. */
  readonly browser?: { readonly deviceTokens: DeviceTokens } | { readonly isKnown: boolean } | undefined;
  /** What is assumed of it; found in the log when left out. */
  readonly risk?: RiskLevel | undefined;
  /** Undefined: nobody has signed in yet. */
  readonly signedIn?: { readonly amr: readonly string[]; readonly at: Date } | undefined;
};

export type Decision = {
  readonly verdict: Verdict;
  readonly missing: readonly Missing[];
  readonly outstanding: Outstanding;
  /** Undefined where no rule asks for it, or it is not known. */
  readonly risk: Risk | undefined;
  readonly readings: readonly PolicyReading[];
};

export type DecideSignIn = (signIn: SignInToDecide) => Promise<Decision>;

const NOTHING: Decision = {
  verdict: UNRESTRICTED,
  missing: [],
  outstanding: NOTHING_OUTSTANDING,
  risk: undefined,
  readings: [],
};

export type DecideParts = {
  readonly read: Reader;
  readonly access: Pick<AccessLookup, 'forUser'>;
  readonly policies: PolicyLookup;
  readonly clock: Clock;
};

/**
 * What the policies say of one sign-in, and what it lacks. The one place where every way of signing in, an existing session and a
 * refresh are judged. Without policies nothing is asked of the database; with them, only what a rule asks for.
 */
export function createDecideSignIn(parts: DecideParts): DecideSignIn {
  return async (signIn) => {
    const policies = await parts.policies.all();
    if (policies.length === 0) return NOTHING;
    const { risk, ...facts } = await factsOf(parts, signIn, policies);
    const { verdict, readings } = evaluatePolicies(policies, { ...facts, risk: risk?.level });
    const signedIn: SignedIn = {
      amr: signIn.signedIn?.amr ?? [],
      secondsAgo: facts.signedInSecondsAgo ?? 0,
    };
    const asked = await withinReach(parts, signIn, verdict, signedIn);
    const outstanding = await findOutstanding(parts.read, signIn.userId, asked);
    const missing = [
      ...missingOf(asked, signedIn),
      ...(outstanding.terms.length > 0 ? (['terms'] as const) : []),
      ...(outstanding.attributes.length > 0 ? (['attributes'] as const) : []),
    ];
    return { verdict: asked, missing, outstanding, risk, readings };
  };
}

const asks = (policies: readonly CompiledPolicy[], condition: keyof Conditions): boolean =>
  policies.some(({ rules }) => rules.some(({ when }) => when[condition] !== undefined));

const NOBODY = { roles: [], groups: [] } as const;

async function factsOf(
  parts: DecideParts,
  signIn: SignInToDecide,
  policies: readonly CompiledPolicy[],
): Promise<Omit<SignInFacts, 'risk'> & { readonly risk: Risk | undefined }> {
  const now = parts.clock.now();
  const { userId, clientId, ipAddress, signedIn } = signIn;
  const asksAccess = asks(policies, 'roles') || asks(policies, 'groups');
  const asksOrganizations =
    asks(policies, 'organizations') || policies.some(({ organizationId }) => organizationId !== null);
  const asksRisk = asks(policies, 'risk');
  const asksBrowser = asksRisk || asks(policies, 'knownBrowser');
  const [access, organizationIds, knownBrowser, history] = await Promise.all([
    asksAccess ? parts.access.forUser(userId, now) : NOBODY,
    asksOrganizations ? findOrganizations(parts.read, signIn) : [],
    asksBrowser ? isKnownBrowser(parts.read, signIn, now) : undefined,
    asksRisk && ipAddress !== undefined
      ? findSignInHistory(parts.read, { userId, before: signedIn?.at ?? now })
      : undefined,
  ]);
  const found =
    history && ipAddress !== undefined && knownBrowser !== undefined
      ? riskOf(history, { ipAddress, isKnownBrowser: knownBrowser })
      : undefined;
  const assumed = signIn.risk && { level: signIn.risk, signals: [] };
  return {
    clientId,
    organizationIds: new Set(organizationIds),
    roles: new Set(access.roles),
    groups: new Set(access.groups),
    ipAddress,
    knownBrowser,
    risk: assumed ?? found,
    signedInSecondsAgo: signedIn && Math.max(0, Math.floor((now.getTime() - signedIn.at.getTime()) / 1000)),
  };
}

const CONCERNED = /* sql */ `
  SELECT home_organization_id FROM users WHERE id = $1::uuid
  UNION SELECT organization_id FROM clients WHERE client_id = $2
  UNION SELECT $3::uuid`;

async function findOrganizations(
  read: Reader,
  { userId, clientId, organizationId = undefined }: SignInToDecide,
): Promise<readonly string[]> {
  const rows = await read.query<{ id: string }>(
    `WITH RECURSIVE ${organizationsAbove(`ANY (ARRAY(${CONCERNED}))`)} SELECT id FROM organization_above`,
    [userId, clientId, organizationId ?? null],
  );
  return rows.map(({ id }) => id);
}

/** Before this sign-in: the sign-in itself makes a browser known. */
async function isKnownBrowser(
  read: Reader,
  { userId, browser, signedIn }: SignInToDecide,
  now: Date,
): Promise<boolean | undefined> {
  if (browser === undefined) return undefined;
  if ('isKnown' in browser) return browser.isKnown;
  const rows = await read.query(
    'SELECT FROM known_devices WHERE token_hash = ANY ($1::bytea[]) AND user_id = $2 AND created_at < $3 AND expires_at > $4',
    [deviceHashes(browser.deviceTokens), userId, signedIn?.at ?? now, now],
  );
  return rows.length > 0;
}

/**
 * At the pages where factors are set up, who has none gives what they have: otherwise nobody could ever get one. Everywhere else
 * what is asked is asked.
 */
async function withinReach(
  { read }: DecideParts,
  { userId, clientId }: SignInToDecide,
  verdict: Verdict,
  signedIn: SignedIn,
): Promise<Verdict> {
  if (clientId !== ACCOUNT_CLIENT_ID || verdict.factors === undefined) return verdict;
  if (!missingOf(verdict, signedIn).some((one) => one === verdict.factors)) return verdict;
  const { totp, passkeys } = await findSecondFactors(read, userId);
  if (passkeys > 0) return verdict;
  return { ...verdict, factors: totp === undefined ? undefined : 'two_factors' };
}
